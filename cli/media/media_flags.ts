/**
 * The flags of `simulate` that say what media the users send each other: defaults, ranges, and what
 * does not go with media.
 */
import { type Flags, type FlagTable, numberOf, textOf, UsageError } from "../arguments.ts";
import { MAX_MEMBERS, MAX_MESH_MEMBERS, type MediaSettings } from "./media_settings.ts";

/** The flags. */
export const MEDIA_FLAGS: FlagTable = {
  media: "string",
  "media-path": "string",
  "media-seconds": "string",
  "video-kbps": "string",
  "media-loss": "string",
  "media-loss-bound": "string",
};

/** What `--help` says of them. */
export const MEDIA_HELP =
  `  --media KIND         none, or synthetic: all users publish sound and a picture through the
                       server, and each packet that each of them gets is checked [none]
  --media-path PATH    sfu: through the server; mesh: from each to each, the test pattern of
                       deno task participant, whose frames are told by their numbers [sfu]
  --media-seconds N    how long, once everybody gets everybody [5]
  --video-kbps N       of each picture [what a server lets through before it knows more]
  --media-loss FRACTION  of the pictures' packets gets lost on purpose, on the way to the
                       server and from it, and has to be repeated [0.005]
  --media-loss-bound FRACTION  of the packets to a user may get lost without that: on
                       this machine hardly any, elsewhere as many as the network loses [0.003]
                       A started server has --topology sfu; another one needs rooms that
                       move to it. Rooms have 2 to ${MAX_MEMBERS} users, in a mesh
                       2 to ${MAX_MESH_MEMBERS}. Not with faults,
                       --churn, --processes or --search.
`;

const DEFAULT_SECONDS = 5;
const DEFAULT_LOSS = 0.005;
const DEFAULT_LOSS_BOUND = 0.003;
/** A second is what reports and meters need at least; an hour is what a run remembers. */
const SECONDS = { from: 1, to: 3_600 };
const KBPS = { from: 12, to: 5_000 };

/** Whom the media would be for. */
export type MediaCompany = {
  readonly users: number;
  readonly rooms: number;
  readonly churn: number;
  /** Whether the scenario has a place for media, and what it is called. */
  readonly takesMedia: boolean;
  readonly scenario: string;
  /** What else was asked for that does not go with media, by its flag. */
  readonly others: readonly string[];
};

/** The media that the flags ask for; undefined: none. Throws UsageError. */
export function readMediaFlags(flags: Flags, company: MediaCompany): MediaSettings | undefined {
  const kind = textOf(flags, "media") ?? "none";
  if (kind !== "none" && kind !== "synthetic") {
    throw new UsageError(`Cannot use --media "${kind}": known are none, synthetic`);
  }
  if (kind === "none") {
    for (const name of Object.keys(MEDIA_FLAGS)) {
      if (name === "media" || flags[name] === undefined) continue;
      throw new UsageError(`Cannot use --${name} without --media synthetic`);
    }
    return undefined;
  }
  const path = textOf(flags, "media-path") ?? "sfu";
  if (path !== "sfu" && path !== "mesh") {
    throw new UsageError(`Cannot use --media-path "${path}": known are sfu, mesh`);
  }
  checkCompany(company, path === "mesh" ? MAX_MESH_MEMBERS : MAX_MEMBERS);
  const seconds = numberOf(flags, "media-seconds", SECONDS) ?? DEFAULT_SECONDS;
  const videoKbps = numberOf(flags, "video-kbps", KBPS);
  if (videoKbps !== undefined && path === "mesh") {
    throw new UsageError("Cannot use --video-kbps with --media-path mesh: the pattern has its own");
  }
  return {
    kind,
    ...path === "mesh" ? { path } : {},
    durationMs: seconds * 1_000,
    ...videoKbps === undefined ? {} : { videoKbps },
    lossRatio: numberOf(flags, "media-loss", { from: 0, to: 0.2 }) ?? DEFAULT_LOSS,
    maxLossRatio: numberOf(flags, "media-loss-bound", { from: 0, to: 1 }) ?? DEFAULT_LOSS_BOUND,
  };
}

/** The flags again, without those that have their usual values. */
export function mediaFlagsAgain(media: MediaSettings): string {
  const { kind, path, durationMs, videoKbps, lossRatio, maxLossRatio } = media;
  const flags = [
    `--media ${kind}`,
    path === undefined ? "" : `--media-path ${path}`,
    durationMs === DEFAULT_SECONDS * 1_000 ? "" : `--media-seconds ${durationMs / 1_000}`,
    videoKbps === undefined ? "" : `--video-kbps ${videoKbps}`,
    lossRatio === DEFAULT_LOSS ? "" : `--media-loss ${lossRatio}`,
    maxLossRatio === DEFAULT_LOSS_BOUND ? "" : `--media-loss-bound ${maxLossRatio}`,
  ];
  return flags.filter((flag) => flag !== "").join(" ");
}

function checkCompany(
  { users, rooms, churn, takesMedia, scenario, others }: MediaCompany,
  maxMembers: number,
): void {
  if (!takesMedia) throw new UsageError(`Cannot use --media with --scenario ${scenario}`);
  const [other = churn > 0 ? "--churn" : undefined] = others;
  if (other !== undefined) throw new UsageError(`Cannot use --media with ${other}`);
  if (Math.floor(users / rooms) < 2 || Math.ceil(users / rooms) > maxMembers) {
    throw new UsageError(
      `Cannot use --media with --users ${users} in ${rooms} rooms: a room needs 2 to ` +
        `${maxMembers} users`,
    );
  }
}
