/**
 * Durations in buckets of growing width, after HdrHistogram: every recorded value is known to 3 %,
 * the memory is fixed, recording is a few instructions. The simulated users record into one
 * histogram a kind of latency; the reports read percentiles and shapes from it.
 */

/** Buckets for each doubling; 32 keep the error of a percentile below 1/32. */
const SUB_BUCKETS = 32;
/** Doublings beyond the first, from 32 us to more than 19 hours. */
const DOUBLINGS = 31;
/** How many buckets there are. */
export const BUCKETS: number = SUB_BUCKETS * (DOUBLINGS + 1);

/** What a histogram holds, for another thread or a file: `[bucket, count]` of those that are not 0. */
export type HistogramContents = {
  readonly counts: readonly (readonly [number, number])[];
  readonly maxMs: number;
  readonly sumMs: number;
};

/** A histogram of milliseconds; resolves microseconds. */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #maxMs = 0;
  #sumMs = 0;

  /** Counts one duration. A negative one counts as 0. Returns its bucket. */
  record(ms: number): number {
    const bucket = bucketOf(ms);
    this.#counts[bucket]!++;
    this.#count++;
    if (ms > 0) this.#sumMs += ms;
    if (ms > this.#maxMs) this.#maxMs = ms;
    return bucket;
  }

  /** How many durations there are. */
  get count(): number {
    return this.#count;
  }

  /** The longest, exactly; 0 when there is none. */
  get maxMs(): number {
    return this.#maxMs;
  }

  /** The mean, exactly; 0 when there is none. */
  get meanMs(): number {
    return this.#count === 0 ? 0 : this.#sumMs / this.#count;
  }

  /** The duration that `percent` of all do not exceed; 0 when there is none. */
  percentile(percent: number): number {
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.#count));
    let passed = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      passed += this.#counts[bucket]!;
      if (passed >= wanted) return Math.min(upperMs(bucket), this.#maxMs);
    }
    return this.#maxMs;
  }

  /**
   * The shape between the fastest and the slowest: up to `columns` counts over equal ratios of time,
   * each with the upper end of its range.
   */
  shape(columns: number): { toMs: number; count: number }[] {
    const first = this.#counts.findIndex((count) => count > 0);
    if (first < 0) return [];
    const last = this.#counts.findLastIndex((count) => count > 0);
    const width = Math.max(1, Math.ceil((last - first + 1) / columns));
    const shape: { toMs: number; count: number }[] = [];
    for (let from = first; from <= last; from += width) {
      const to = Math.min(from + width, BUCKETS);
      let count = 0;
      for (let bucket = from; bucket < to; bucket++) count += this.#counts[bucket]!;
      shape.push({ toMs: upperMs(to - 1), count });
    }
    return shape;
  }

  /** What it holds, as plain values. */
  get contents(): HistogramContents {
    const counts: [number, number][] = [];
    this.#counts.forEach((count, bucket) => {
      if (count > 0) counts.push([bucket, count]);
    });
    return { counts, maxMs: this.#maxMs, sumMs: this.#sumMs };
  }

  /** Adds what another one held. */
  add({ counts, maxMs, sumMs }: HistogramContents): void {
    for (const [bucket, count] of counts) {
      this.#counts[bucket]! += count;
      this.#count += count;
    }
    this.#maxMs = Math.max(this.#maxMs, maxMs);
    this.#sumMs += sumMs;
  }
}

/** The bucket of a duration. */
export function bucketOf(ms: number): number {
  const us = Math.max(0, Math.round(ms * 1_000));
  if (us < SUB_BUCKETS) return us;
  // Below 2^31 us (36 minutes) the leading zeros tell the doubling, in a fraction of a logarithm.
  const doubling = us < 2 ** 31 ? 27 - Math.clz32(us) : Math.floor(Math.log2(us / SUB_BUCKETS)) + 1;
  const within = Math.floor(us / 2 ** (doubling - 1)) - SUB_BUCKETS;
  return Math.min(BUCKETS - 1, doubling * SUB_BUCKETS + within);
}

/** The largest duration that falls into `bucket`. */
export function upperMs(bucket: number): number {
  const doubling = Math.floor(bucket / SUB_BUCKETS);
  if (doubling === 0) return bucket / 1_000;
  const within = (bucket % SUB_BUCKETS) + SUB_BUCKETS + 1;
  return (within * 2 ** (doubling - 1) - 1) / 1_000;
}
