/**
 * What each m-line of a receiver carries, as the server told (rules SB1, SB2), and whether packets keep
 * to it. Packets travel another way than words, so either may be ahead of the other a little.
 */
import type { SubscribedMedia } from "../../src/protocol/mod.ts";
import type { RunTime } from "./run_time.ts";

/** So long may a packet come before the word of its track, or after the word of another. */
const AHEAD_MS = 1_000;

/** What was told of one m-line, and when. */
export type Carried = SubscribedMedia & { readonly since: number };

/** A track in an m-line that was not told in time. */
export type Untold = { readonly mid: string; readonly trackId: string };

/** What the m-lines carry. */
export class CarriedTracks {
  readonly #time: RunTime;
  #byMid = new Map<string, Carried>();
  /** What came in before it was told, with the time of the first packet. */
  readonly #early = new Map<string, Untold & { readonly at: number }>();
  /** What was told before, with the time of its end. */
  readonly #former = new Map<string, number>();

  /** Nothing is told yet. */
  constructor(time: RunTime) {
    this.#time = time;
  }

  /** What is told now. */
  get all(): readonly Carried[] {
    return [...this.#byMid.values()];
  }

  /** This and nothing else is carried from now on. Returns what has ended. */
  tell(tracks: readonly SubscribedMedia[]): Carried[] {
    const { now, attentive } = this.#time;
    const before = this.#byMid;
    this.#byMid = new Map(tracks.map((track) => {
      const known = before.get(track.mid);
      const since = known?.trackId === track.trackId ? known.since : now;
      return [track.mid, { ...track, since }];
    }));
    for (const { mid, trackId } of tracks) {
      this.#early.delete(keyOf(mid, trackId));
      this.#former.delete(keyOf(mid, trackId));
    }
    const ended = [...before.values()].filter(({ mid, trackId }) =>
      this.#byMid.get(mid)?.trackId !== trackId
    );
    for (const { mid, trackId } of ended) this.#former.set(keyOf(mid, trackId), attentive);
    return ended;
  }

  /** A packet of a track came in an m-line now. */
  came(mid: string, trackId: string): void {
    if (this.#byMid.get(mid)?.trackId === trackId) return;
    const key = keyOf(mid, trackId);
    const at = this.#time.attentive;
    if (this.#early.has(key) || at - (this.#former.get(key) ?? -Infinity) < AHEAD_MS) return;
    // What is not told at all any more is judged by who watches the track.
    if (this.#former.has(key) && !this.all.some((one) => one.trackId === trackId)) return;
    this.#early.set(key, { mid, trackId, at });
  }

  /** What came and has not been told for too long, once each. */
  untold(): Untold[] {
    const late = [...this.#early.values()].filter(({ at }) =>
      this.#time.attentive - at >= AHEAD_MS
    );
    for (const { mid, trackId } of late) this.#early.delete(keyOf(mid, trackId));
    return late.map(({ mid, trackId }) => ({ mid, trackId }));
  }
}

/** No mid has a slash (RFC 8843: a token). */
function keyOf(mid: string, trackId: string): string {
  return `${mid}/${trackId}`;
}
