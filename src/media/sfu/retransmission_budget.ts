/**
 * How much may be sent again to one receiver. On a path that is too narrow everything gets lost and is
 * asked for again; without a bound that alone would fill it.
 */

/** The part of the path that repeating may take. */
const SHARE = 0.3;
/** Bits a second that it may take on any path: a narrow one loses too. */
const LEAST_BITRATE = 200_000;
/** What was not used stays for this long. */
const BURST_MS = 500;

/** The budget of one receiver. */
export class RetransmissionBudget {
  #bits = Number.NaN;
  #at = 0;

  /** Whether `bytes` may be sent again at `at` on a path of `bitrate` bits a second; then they are. */
  take(bytes: number, bitrate: number, at: number): boolean {
    const rate = Math.max(LEAST_BITRATE, bitrate * SHARE);
    const most = rate * BURST_MS / 1_000;
    this.#bits = Number.isNaN(this.#bits)
      ? most
      : Math.min(most, this.#bits + rate * (at - this.#at) / 1_000);
    this.#at = at;
    if (this.#bits < bytes * 8) return false;
    this.#bits -= bytes * 8;
    return true;
  }
}
