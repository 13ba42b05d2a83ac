/**
 * Whether the peer of a connection reads what it is sent. The connection asks before each flush; the
 * socket tells only how many bytes are unread, so a falling number is the one sign of life.
 */
import type { Clock } from "../base/mod.ts";
import { MAX_UNREAD_BYTES, SLOW_CONSUMER_MS } from "../protocol/mod.ts";

/** `behind`: wait before sending more (BP1); `stalled`: nothing was taken for too long (BP4). */
export type ReaderState = "reads" | "behind" | "stalled";

/** Watches one reader. */
export class ReaderWatch {
  readonly #clock: Clock;
  #unread = 0;
  /** When it last took something; `undefined` while it keeps up. */
  #tookAtMs: number | undefined;

  /** A reader who keeps up. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Judges the reader by the bytes that are unread now. */
  look(unread: number): ReaderState {
    if (unread <= MAX_UNREAD_BYTES) {
      this.#tookAtMs = undefined;
      return "reads";
    }
    const now = this.#clock.elapsed();
    if (this.#tookAtMs === undefined || unread < this.#unread) this.#tookAtMs = now;
    this.#unread = unread;
    return now - this.#tookAtMs < SLOW_CONSUMER_MS ? "behind" : "stalled";
  }
}
