/**
 * Messages a second over the run, for the live line and the sparkline of the report. The runner
 * samples it on a timer.
 */

/** Samples are merged pairwise beyond this many, so that a run of hours keeps a bounded series. */
const MAX_SAMPLES = 240;

/** A growing total, seen as a rate. */
export class Throughput {
  #samples: { ms: number; count: number }[] = [];
  #lastTotal = 0;
  #lastAt: number;
  readonly #startedAt: number;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
    this.#lastAt = startedAt;
  }

  /** The total is `total` at `at`. */
  sample(total: number, at: number): void {
    const ms = at - this.#lastAt;
    if (ms <= 0) return;
    this.#samples.push({ ms, count: total - this.#lastTotal });
    this.#lastTotal = total;
    this.#lastAt = at;
    if (this.#samples.length > MAX_SAMPLES) this.#samples = halved(this.#samples);
  }

  /** Messages a second in the latest sample. */
  get latest(): number {
    const last = this.#samples.at(-1);
    return last === undefined ? 0 : (last.count / last.ms) * 1_000;
  }

  /** Messages a second over the whole run. */
  get mean(): number {
    const ms = this.#lastAt - this.#startedAt;
    return ms <= 0 ? 0 : (this.#lastTotal / ms) * 1_000;
  }

  /** Messages a second, sample by sample. */
  get series(): number[] {
    return this.#samples.map(({ ms, count }) => (count / ms) * 1_000);
  }
}

function halved(samples: { ms: number; count: number }[]): { ms: number; count: number }[] {
  const merged: { ms: number; count: number }[] = [];
  for (let index = 0; index < samples.length; index += 2) {
    const first = samples[index]!;
    const second = samples[index + 1] ?? { ms: 0, count: 0 };
    merged.push({ ms: first.ms + second.ms, count: first.count + second.count });
  }
  return merged;
}
