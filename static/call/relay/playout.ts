/**
 * When what came over the socket is to be shown and heard. Pictures and sound of one source bear times
 * of one clock, and are held back by one delay: so lips and voice stay together whatever the network
 * does to each. The delay grows where something came too late, and shrinks slowly.
 */

/** What came quickest is remembered between one and two of these. */
export const WINDOW_MS = 5_000;
/** The delay of a calm network: decoding, and two turns of the page. */
export const LEAST_DELAY_MS = 80;
/** Nobody waits longer: who is that late loses something. */
export const MOST_DELAY_MS = 1_000;
/** A delay that was not needed gets so much smaller a second. */
const SHRINK_MS_PER_S = 10;
/** What is later than the quickest by more than this is of a source that began anew. */
const JUMP_MS = 3_000;

/** The common time of all that comes of one source. */
export class Playout {
  #before = Infinity;
  #now = Infinity;
  #from = -Infinity;
  #delayMs = LEAST_DELAY_MS;
  #shrunkAt = 0;

  /** Milliseconds that everything is held back. */
  get delayMs(): number {
    return this.#delayMs;
  }

  /** Something with this time came at `at`. */
  came(timestampUs: number, at: number): void {
    const difference = at - timestampUs / 1_000;
    const isJump = Math.abs(difference - this.#offset) > JUMP_MS;
    if (isJump || at - this.#from >= WINDOW_MS) {
      this.#before = isJump ? Infinity : this.#now;
      this.#now = Infinity;
      this.#from = at;
    }
    this.#now = Math.min(this.#now, difference);
    this.#shrink(at);
    const lateMs = difference - this.#offset;
    // Something to spare for the decoder and the page.
    const neededMs = Math.min(MOST_DELAY_MS, lateMs + LEAST_DELAY_MS / 2);
    this.#delayMs = Math.max(this.#delayMs, neededMs);
  }

  /** Something was so much too late when it could be shown: all that follows is held back for longer. */
  late(ms: number): void {
    this.#delayMs = Math.min(MOST_DELAY_MS, this.#delayMs + ms);
  }

  /** When something with this time is due. */
  dueAt(timestampUs: number): number {
    return timestampUs / 1_000 + this.#offset + this.#delayMs;
  }

  get #offset(): number {
    return Math.min(this.#before, this.#now);
  }

  #shrink(at: number): void {
    const seconds = Math.max(0, at - this.#shrunkAt) / 1_000;
    this.#shrunkAt = at;
    this.#delayMs = Math.max(LEAST_DELAY_MS, this.#delayMs - SHRINK_MS_PER_S * seconds);
  }
}
