/**
 * When something was captured, by the clock of the page. Pictures and sound come with times of two
 * clocks that have nothing to do with each other, and each a little later than it was captured, now
 * more and now less: what came quickest lately says how the two clocks stand to each other.
 */

/** What came quickest is remembered between one and two of these. */
export const WINDOW_MS = 2_000;
/** Later than the quickest by more than this, and the source has stood still. */
export const JUMP_MS = 250;

/** The clock of one track. */
export class CaptureClock {
  /** The smallest difference of the two clocks in the last window and in this one, microseconds. */
  #before = Infinity;
  #now = Infinity;
  #from = -Infinity;
  #last = -1;

  /** What bears `mediaUs` came at `arrivalUs`. */
  hear(mediaUs: number, arrivalUs: number): void {
    const difference = arrivalUs - mediaUs;
    const isJump = Math.abs(difference - this.#offset) > JUMP_MS * 1_000;
    if (isJump || arrivalUs - this.#from >= WINDOW_MS * 1_000) {
      this.#before = isJump ? Infinity : this.#now;
      this.#now = Infinity;
      this.#from = arrivalUs;
    }
    this.#now = Math.min(this.#now, difference);
  }

  /** Microseconds of the page's clock for what bears `mediaUs`; each answer is later than the last. */
  timeOf(mediaUs: number): number {
    return this.#last = Math.max(this.#last + 1, 0, Math.round(mediaUs + this.#offset));
  }

  get #offset(): number {
    return Math.min(this.#before, this.#now);
  }
}
