/** How many bits a second something carries, as seen over about a second. Adding costs one addition. */

/** Readings closer together than this say little about a rate. */
const PERIOD_MS = 250;
/** The part that the newest reading has in the rate. */
const WEIGHT = 0.5;

/** A meter of one stream. */
export class RateMeter {
  #bytes = 0;
  #readBytes = 0;
  #readAt = Number.NaN;
  #rate = 0;

  /** Bits a second. */
  get bitrate(): number {
    return this.#rate;
  }

  /** Bytes since the beginning. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Counts a packet. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Reads the meter; to be called several times a second, `at` in milliseconds that only grow. */
  tick(at: number): void {
    if (Number.isNaN(this.#readAt)) {
      this.#readAt = at;
      this.#readBytes = this.#bytes;
    }
    const elapsedMs = at - this.#readAt;
    if (elapsedMs < PERIOD_MS) return;
    const now = (this.#bytes - this.#readBytes) * 8_000 / elapsedMs;
    this.#rate = this.#rate === 0 ? now : this.#rate + (now - this.#rate) * WEIGHT;
    if (now === 0 && this.#rate < 1_000) this.#rate = 0;
    this.#readBytes = this.#bytes;
    this.#readAt = at;
  }
}
