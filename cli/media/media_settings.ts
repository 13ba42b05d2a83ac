/** What a run is asked to do with media. The flags of `simulate` fill it in, the report prints it. */

/** The settings of the media of a run. */
export type MediaSettings = {
  /** What the users send. */
  readonly kind: "synthetic";
  /** Directly from each to each; undefined: through the server. */
  readonly path?: "mesh" | undefined;
  /** How long everybody sends and receives once all have what they want. */
  readonly durationMs: number;
  /** Of each picture, kbit/s; undefined: what a first estimate of the server has room for. */
  readonly videoKbps?: number | undefined;
  /** The part of the packets of pictures that gets lost on purpose, on either side of the server. */
  readonly lossRatio: number;
  /** The part of all packets that may be missing without our doing. */
  readonly maxLossRatio: number;
};

/** The rules of PROTOCOL.md that a run with media puts to the test besides. */
export const MEDIA_RULES: readonly string[] = ["PB1", "PB3", "SB1", "SB2", "SB3", "SB4"];

/** The same, where media go directly. */
export const MESH_MEDIA_RULES: readonly string[] = ["TO1", "RL1"];

/** What a server may take for the path to one receiver before it knows more, bit/s. */
const FIRST_ESTIMATE = 1_000_000;
/** What it may keep free for each voice, and for how many. */
const VOICE_BITRATE = 50_000;
const MAX_VOICES = 8;
/** What it may want to spare, and what key frames and headers take. */
const HEADROOM = 1.6;
/** No picture is more, nor less: it has to hold what is checked. */
const KBPS = { from: 12, to: 300 };
/** Pictures that a server sends to one participant at once; who wants others lets some go. */
export const MAX_PICTURES = 16;
/** Rooms of more than so many take more than two looks to see everybody. */
export const MAX_MEMBERS = 26;
/** Each is linked to each of the others, and all of them are in one process. */
export const MAX_MESH_MEMBERS = 10;

/**
 * The pictures of a room with `members`, in kbit/s, and whether a server may let some go for a while:
 * they may be too much for what it believes of the path, or too many while wishes are on their way.
 */
export function planPictures(
  { videoKbps }: MediaSettings,
  members: number,
): { readonly kbps: number; readonly mayPause: boolean } {
  const others = Math.min(MAX_PICTURES, Math.max(1, members - 1));
  const room = FIRST_ESTIMATE - Math.min(others, MAX_VOICES) * VOICE_BITRATE;
  const affordable = Math.floor(room / HEADROOM / 1_000 / others);
  const kbps = videoKbps ?? Math.min(KBPS.to, Math.max(KBPS.from, affordable));
  return { kbps, mayPause: kbps > affordable || members - 1 > MAX_PICTURES };
}
