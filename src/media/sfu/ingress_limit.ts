/**
 * How much one participant may send to the server. What is beyond it is lost on arrival, which its
 * browser is told by the feedback, and slows down for; who does not slow down costs no more than this.
 */

/** Four pictures in all their layers, as our answers allow them (b=AS), and room for repeats. */
export const MAX_INGRESS_BITRATE = 20_000_000;
/** A key frame of a screen is a burst. */
const BURST_MS = 500;

/** The limit of one connection. */
export class IngressLimit {
  #bits = MAX_INGRESS_BITRATE * BURST_MS / 1_000;
  #at = Number.NaN;
  #dropped = 0;

  /** Packets that were too much. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether a packet of `bytes` may come in at `at` (ms). */
  take(bytes: number, at: number): boolean {
    if (!Number.isNaN(this.#at)) {
      const earned = (at - this.#at) * (MAX_INGRESS_BITRATE / 1_000);
      this.#bits = Math.min(this.#bits + earned, MAX_INGRESS_BITRATE * BURST_MS / 1_000);
    }
    this.#at = at;
    if (this.#bits < bytes * 8) {
      this.#dropped++;
      return false;
    }
    this.#bits -= bytes * 8;
    return true;
  }
}
