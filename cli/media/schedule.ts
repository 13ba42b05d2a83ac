/** When the frames of one stream are due: evenly, and none in a heap after the tester was busy. */

/** Frames that are late by more than this are left out, as a camera would. */
const MAX_LATE_MS = 250;

/** The times of frames. */
export class Schedule {
  readonly #periodMs: number;
  #nextAt: number;

  /** The first frame is due at `firstAt`. */
  constructor(periodMs: number, firstAt: number) {
    this.#periodMs = periodMs;
    this.#nextAt = firstAt;
  }

  /** The time of a frame that is due by `at`, once each; undefined: none is. */
  next(at: number): number | undefined {
    if (this.#nextAt > at) return undefined;
    if (at - this.#nextAt > MAX_LATE_MS) this.#nextAt = at;
    const dueAt = this.#nextAt;
    this.#nextAt += this.#periodMs;
    return dueAt;
  }
}
