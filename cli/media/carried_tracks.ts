/**
 * What each m-line of a receiver carries, as the server told (rules SB1, SB2), and whether packets keep
 * to it. Packets travel another way than words, so either may be ahead of the other a little.
 */
import type { SubscribedMedia } from "../../src/protocol/mod.ts";

/** So long may a packet come before the word of its track, or after the word of its end. */
const AHEAD_MS = 1_000;

/** What was told of one m-line. */
export type Carried = SubscribedMedia & { readonly since: number };

/** A track in an m-line that was not told in time. */
export type Untold = { readonly mid: string; readonly trackId: string };

/** What the m-lines carry. */
export class CarriedTracks {
  #byMid = new Map<string, Carried>();
  /** What came in before it was told, with the time of the first packet. */
  readonly #early = new Map<string, Untold & { readonly at: number }>();
  /** What was told before; who watches the track judges what comes after its end. */
  readonly #former = new Set<string>();

  /** What is told now. */
  get all(): readonly Carried[] {
    return [...this.#byMid.values()];
  }

  /** This and nothing else is carried from `at` on. Returns what has ended. */
  tell(tracks: readonly SubscribedMedia[], at: number): Carried[] {
    const before = this.#byMid;
    this.#byMid = new Map(tracks.map((track) => {
      const known = before.get(track.mid);
      return [track.mid, { ...track, since: known?.trackId === track.trackId ? known.since : at }];
    }));
    for (const { mid, trackId } of tracks) {
      this.#early.delete(keyOf(mid, trackId));
      this.#former.delete(keyOf(mid, trackId));
    }
    const ended = [...before.values()].filter(({ mid, trackId }) =>
      this.#byMid.get(mid)?.trackId !== trackId
    );
    for (const { mid, trackId } of ended) this.#former.add(keyOf(mid, trackId));
    return ended;
  }

  /** A packet of a track came in an m-line at `at`. */
  came(mid: string, trackId: string, at: number): void {
    if (this.#byMid.get(mid)?.trackId === trackId) return;
    const key = keyOf(mid, trackId);
    if (!this.#former.has(key) && !this.#early.has(key)) this.#early.set(key, { mid, trackId, at });
  }

  /** What came and was not told by `at`, once each. */
  untold(at: number): Untold[] {
    const late = [...this.#early.values()].filter((one) => at - one.at >= AHEAD_MS);
    for (const { mid, trackId } of late) this.#early.delete(keyOf(mid, trackId));
    return late;
  }
}

/** No mid has a slash (RFC 8843: a token). */
function keyOf(mid: string, trackId: string): string {
  return `${mid}/${trackId}`;
}
