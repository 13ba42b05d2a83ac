/**
 * Who watches a broadcast, and how well: what viewers say of themselves, and what our own links to them
 * measure. Pure but for the keeping of what was said.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { MediaPath, UserId } from "../../../src/protocol/mod.ts";
import type { LinkReport } from "../../call/link_report.ts";
import type { RemoteMedia } from "../../call/transport.ts";
import { judgeQuality, type Quality } from "../quality.ts";
import type { Roster } from "../roster.ts";
import type { Watched } from "./live_data.ts";

/** A picture that moves less than this is a slide show, and this little uneasy. */
const POOR_FRAMES = 8;
const FAIR_FRAMES = 15;
/** As in `quality.ts`: a loss that is seen, and one that spoils the picture. */
const FAIR_LOSS = 0.03;
const POOR_LOSS = 0.1;

/** One viewer. */
export interface AudienceMember {
  readonly userId: UserId;
  /** What to call them. */
  readonly name: string;
  /** Whether the server has a connection to them. */
  readonly isConnected: boolean;
  /** Undefined while nothing is known of it. */
  readonly path: MediaPath | undefined;
  readonly quality: Quality;
  /** What they said last of how they see. */
  readonly watched: Watched | undefined;
  readonly isMuted: boolean;
}

/** What the list is made of. */
export interface AudienceSources {
  readonly roster: Roster;
  readonly watched: ReadonlyMap<UserId, Watched>;
  readonly reports: ReadonlyMap<UserId, LinkReport>;
  readonly remotes: ReadonlyMap<UserId, RemoteMedia>;
  readonly muted: ReadonlySet<UserId>;
  /** Whether there is a picture to be seen. */
  readonly isShowing: boolean;
}

/** The viewers, in join order. */
export function listAudience(sources: AudienceSources): readonly AudienceMember[] {
  const { roster, muted } = sources;
  return roster.participants.filter(({ role }) => role === "viewer").map((participant) => {
    const { userId } = participant;
    const watched = sources.watched.get(userId);
    const path = watched?.path ?? knownPath(sources.reports.get(userId)?.path);
    return {
      userId,
      name: participant.name ?? userId,
      isConnected: participant.connected !== false,
      path,
      quality: qualityOf(userId, sources),
      watched,
      isMuted: muted.has(userId),
    };
  });
}

/** What viewers have said, and whom the broadcaster has muted. */
export class AudienceWords {
  readonly #watched: Signal<ReadonlyMap<UserId, Watched>> = signal(new Map());
  readonly #muted: Signal<ReadonlySet<UserId>> = signal(new Set());

  /** What each viewer said last of how it sees. */
  get watched(): ReadonlySignal<ReadonlyMap<UserId, Watched>> {
    return this.#watched;
  }

  /** Whose lines nobody has to read. */
  get muted(): ReadonlySignal<ReadonlySet<UserId>> {
    return this.#muted;
  }

  /** A viewer says how it sees. */
  hear(from: UserId, watched: Watched): void {
    this.#watched.value = new Map(this.#watched.value).set(from, watched);
  }

  /** Mutes somebody, or lets them speak again. */
  setMuted(userId: UserId, isMuted: boolean): void {
    const muted = new Set(this.#muted.value);
    if (isMuted) muted.add(userId);
    else muted.delete(userId);
    this.#muted.value = muted;
  }

  /** Somebody has left. A mute stays: who comes back under that name is muted still. */
  forget(userId: UserId): void {
    const watched = new Map(this.#watched.value);
    if (watched.delete(userId)) this.#watched.value = watched;
  }
}

/** What the viewer counts goes before what our link to it measures: it alone sees the picture. */
function qualityOf(userId: UserId, sources: AudienceSources): Quality {
  const watched = sources.watched.get(userId);
  if (watched === undefined) {
    const state = sources.remotes.get(userId)?.state ?? "waiting";
    const quality = judgeQuality(state, sources.reports.get(userId));
    // A link that is broken says nothing of the way by which this viewer sees.
    return quality === "lost" ? "unknown" : quality;
  }
  if (!sources.isShowing) return "unknown";
  const { framesPerSecond, loss } = watched;
  if (framesPerSecond === 0) return "lost";
  if (framesPerSecond < POOR_FRAMES || loss > POOR_LOSS) return "poor";
  return framesPerSecond < FAIR_FRAMES || loss > FAIR_LOSS ? "fair" : "good";
}

function knownPath(path: LinkReport["path"] | undefined): MediaPath | undefined {
  return path === "unknown" ? undefined : path;
}
