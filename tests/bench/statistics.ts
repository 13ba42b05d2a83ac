/**
 * Percentiles of many latencies and medians of few rounds. Pure; the workloads record, the report
 * reads.
 */

/** Values below this many microseconds are counted exactly, larger ones to 1 part in 512. */
const EXACT = 1_024;
const BUCKETS_A_DOUBLING = EXACT / 2;

/** Counts latencies in buckets, so that millions of them cost no memory and no sorting. */
export class LatencyHistogram {
  readonly #buckets = new Uint32Array(EXACT + 24 * BUCKETS_A_DOUBLING);
  #count = 0;

  /** How many latencies were recorded. */
  get count(): number {
    return this.#count;
  }

  /** Counts one latency. */
  record(microseconds: number): void {
    this.#count++;
    this.#buckets[bucketOf(Math.max(0, Math.round(microseconds)))]!++;
  }

  /** The latency in microseconds that `share` (0 to 1) of all do not exceed; NaN without any. */
  percentile(share: number): number {
    if (this.#count === 0) return NaN;
    let missing = Math.max(1, Math.ceil(this.#count * share));
    for (let bucket = 0; bucket < this.#buckets.length; bucket++) {
      missing -= this.#buckets[bucket]!;
      if (missing <= 0) return valueOf(bucket);
    }
    return NaN;
  }
}

/** The middle of `values`, or the mean of the middle two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How far apart the least and the greatest of `values` are, as a share of their median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}

function bucketOf(value: number): number {
  if (value < EXACT) return value;
  const doublings = Math.min(23, 31 - Math.clz32(value) - 9);
  const mantissa = Math.min(BUCKETS_A_DOUBLING * 2 - 1, value >>> doublings);
  return EXACT + (doublings - 1) * BUCKETS_A_DOUBLING + (mantissa - BUCKETS_A_DOUBLING);
}

function valueOf(bucket: number): number {
  if (bucket < EXACT) return bucket;
  const doublings = Math.floor((bucket - EXACT) / BUCKETS_A_DOUBLING) + 1;
  const mantissa = (bucket - EXACT) % BUCKETS_A_DOUBLING + BUCKETS_A_DOUBLING;
  return mantissa * 2 ** doublings;
}
