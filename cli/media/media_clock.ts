/** The RTP timestamps of one stream by the run's clock: where they begin, and how fast they count. */

/** The clock of a stream. */
export class MediaClock {
  /** Hertz. */
  readonly clockRate: number;
  readonly #startedAt: number;
  readonly #first: number;

  /** It says `first` at `startedAt` (ms). */
  constructor(clockRate: number, { startedAt, first }: { startedAt: number; first: number }) {
    this.clockRate = clockRate;
    this.#startedAt = startedAt;
    this.#first = first;
  }

  /** The timestamp at `at`. */
  timestampAt(at: number): number {
    return (this.#first + Math.round((at - this.#startedAt) * this.clockRate / 1_000)) >>> 0;
  }

  /** The time of `timestamp`, of those that it could be the one nearest to `near`. */
  timeOf(timestamp: number, near: number): number {
    return near + (timestamp - this.timestampAt(near) | 0) * 1_000 / this.clockRate;
  }
}
