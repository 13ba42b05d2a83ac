/**
 * Whether a figure of this run is better than, worse than or the same as that of an earlier one.
 * Two runs of the same server never give the same figure, so a bare difference says nothing: whole
 * blocks of neighbouring measurements are drawn anew, with repetition, many times from each run
 * (the block bootstrap), and the change counts only where 99 % of the drawn pairs agree that it is
 * larger than what the histograms resolve. Pure, and repeatable by its own seed.
 */
import { SeededRandom } from "../scenarios/random.ts";
import { BUCKETS, upperMs } from "./histogram.ts";
import type { Block } from "./latency.ts";

/** What came of the comparison of one metric. */
export type Comparison = {
  readonly metric: string;
  /** `unknown`: there is too little to say. */
  readonly verdict: "better" | "same" | "worse" | "unknown";
  readonly before: number;
  readonly after: number;
  /** After over before: between these with 99 % confidence; 0 and 0 where unknown. */
  readonly ratio: { readonly from: number; readonly to: number };
  /** Why nothing can be said; "" where something can. */
  readonly reason: string;
};

/** A figure of a distribution. */
export type Statistic = "mean" | "p50" | "p90" | "p95" | "p99";

/** Changes below this are within what a histogram resolves (3 %) and what a machine repeats. */
const TOLERANCE = 0.05;
/** Pairs that are drawn. */
const DRAWS = 600;
/** What is cut off at either end of the drawn ratios: 99 % stay. */
const TAIL = 0.005;
/** Below this many blocks, drawing them anew says little. */
const MIN_BLOCKS = 8;
/** Measurements that must lie beyond a percentile before it can be told. */
const MIN_BEYOND = 10;
const SHARES: Readonly<Record<Statistic, number>> = {
  mean: 0.5,
  p50: 0.5,
  p90: 0.9,
  p95: 0.95,
  p99: 0.99,
};
const SEED = 1;
/** Where each bucket ends: a mean is taken more than a thousand times. */
const UPPER_MS = Float64Array.from({ length: BUCKETS }, (_, bucket) => upperMs(bucket));

/** Compares one figure of two latencies; less is better. */
export function compareLatency(
  metric: string,
  statistic: Statistic,
  { before, after }: { before: readonly Block[]; after: readonly Block[] },
): Comparison {
  const needed = Math.ceil(MIN_BEYOND / (1 - SHARES[statistic]));
  const earlier = before.map(columnsOf);
  const present = after.map(columnsOf);
  const figures = {
    metric,
    before: statisticOf(merge(earlier, earlier.keys()), statistic),
    after: statisticOf(merge(present, present.keys()), statistic),
  };
  for (const [name, blocks] of [["earlier", before], ["present", after]] as const) {
    const count = countOf(blocks);
    if (blocks.length >= MIN_BLOCKS && count >= needed) continue;
    const wanted = Math.max(needed, MIN_BLOCKS * 16);
    return unknown(figures, `the ${name} run has ${count} samples, ${wanted} are needed`);
  }
  const random = new SeededRandom(SEED);
  const draw = (blocks: readonly Columns[]) =>
    statisticOf(merge(blocks, drawn(blocks.length, random)), statistic);
  const draws = { drawBefore: () => draw(earlier), drawAfter: () => draw(present) };
  return judge(figures, draws, "less");
}

/** Compares the mean of two series; more is better. */
export function compareSeries(
  metric: string,
  { before, after }: { before: readonly number[]; after: readonly number[] },
): Comparison {
  const figures = { metric, before: meanOf(before), after: meanOf(after) };
  for (const [name, series] of [["earlier", before], ["present", after]] as const) {
    if (series.length >= MIN_BLOCKS) continue;
    return unknown(figures, `the ${name} run has ${series.length} samples, 8 are needed`);
  }
  const random = new SeededRandom(SEED);
  const draw = (series: readonly number[]) =>
    meanOf([...drawn(series.length, random)].map((index) => series[index]!));
  return judge(figures, { drawBefore: () => draw(before), drawAfter: () => draw(after) }, "more");
}

type Figures = { readonly metric: string; readonly before: number; readonly after: number };

function judge(
  figures: Figures,
  { drawBefore, drawAfter }: { drawBefore: () => number; drawAfter: () => number },
  good: "less" | "more",
): Comparison {
  const ratios = Array.from({ length: DRAWS }, () => {
    const before = drawBefore();
    const after = drawAfter();
    if (before === after) return 1; // Both may be 0.
    return before === 0 ? Infinity : after / before;
  }).sort((a, b) => a - b);
  const from = ratios[Math.floor(DRAWS * TAIL)]!;
  const to = ratios[Math.ceil(DRAWS * (1 - TAIL)) - 1]!;
  const isMore = from > 1 + TOLERANCE;
  const isLess = to < 1 - TOLERANCE;
  const verdict = !isMore && !isLess ? "same" : isMore === (good === "more") ? "better" : "worse";
  return { ...figures, verdict, ratio: { from, to }, reason: "" };
}

function unknown(figures: Figures, reason: string): Comparison {
  return { ...figures, verdict: "unknown", ratio: { from: 0, to: 0 }, reason };
}

/** As many positions as there are, each drawn from all. */
function drawn(count: number, random: SeededRandom): Iterable<number> {
  return Array.from({ length: count }, () => random.below(count));
}

/** A block as two columns, which are added up faster than pairs. */
type Columns = { readonly buckets: Uint16Array; readonly counts: Float64Array };

function columnsOf(block: Block): Columns {
  return {
    buckets: Uint16Array.from(block, ([bucket]) => bucket),
    counts: Float64Array.from(block, ([, count]) => count),
  };
}

function merge(blocks: readonly Columns[], positions: Iterable<number>): Float64Array {
  const sum = new Float64Array(BUCKETS);
  for (const position of positions) {
    const { buckets, counts } = blocks[position]!;
    for (let n = 0; n < buckets.length; n++) sum[buckets[n]!]! += counts[n]!;
  }
  return sum;
}

function statisticOf(counts: Float64Array, statistic: Statistic): number {
  let total = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) total += counts[bucket]!;
  if (total === 0) return 0;
  if (statistic === "mean") return sumOf(counts) / total;
  const wanted = Math.ceil(SHARES[statistic] * total);
  let bucket = 0;
  for (let passed = counts[0]!; passed < wanted; passed += counts[bucket]!) bucket++;
  return upperMs(bucket);
}

function sumOf(counts: Float64Array): number {
  let sum = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const count = counts[bucket]!;
    if (count > 0) sum += count * UPPER_MS[bucket]!;
  }
  return sum;
}

function countOf(blocks: readonly Block[]): number {
  return blocks.reduce(
    (sum, block) => sum + block.reduce((inner, [, count]) => inner + count, 0),
    0,
  );
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
