/**
 * Does a series of measurements grow? A Theil-Sen slope, which outliers do not turn, with a bound
 * below it that noise alone does not pass. Pure; the verdict of a soak asks it series by series.
 */
import { median } from "../bench/statistics.ts";

/** With fewer, no order of the values would be improbable enough to mean anything. */
export const FEWEST_POINTS = 6;
/** The bound is passed by chance once in a hundred series (one-sided, standard normal). */
const CONFIDENCE_Z = 2.326;
const MS_AN_HOUR = 3_600_000;

/** One measurement. */
export type Point = { readonly atMs: number; readonly value: number };

/** What a series does. */
export type Trend = {
  /** `grows`: certainly, and by more than is tolerated. */
  readonly verdict: "holds" | "grows" | "too few samples";
  /** The median of the first third, and of the last. */
  readonly start: number;
  readonly end: number;
  /** The median of the slopes between any two points. */
  readonly slopePerHour: number;
  /** The slope is steeper than this with 99 % confidence. */
  readonly boundPerHour: number;
  readonly samples: number;
};

/**
 * Judges `points`, in the order of their times. They grow when their slope is certainly above 0 and
 * amounts to more than `tolerance` from the first point to the last.
 */
export function judge(points: readonly Point[], tolerance: number): Trend {
  const values = points.map(({ value }) => value);
  const third = Math.max(1, Math.floor(points.length / 3));
  const [start, end] = [median(values.slice(0, third)), median(values.slice(-third))];
  const samples = points.length;
  if (samples < FEWEST_POINTS) {
    const [slopePerHour, boundPerHour] = [NaN, NaN];
    return { verdict: "too few samples", start, end, slopePerHour, boundPerHour, samples };
  }
  const slopes = slopesOf(points);
  const slope = median(slopes);
  const bound = slopes[boundIndex(samples, slopes.length)]!;
  const growth = slope * (points[samples - 1]!.atMs - points[0]!.atMs);
  return {
    verdict: bound > 0 && growth > tolerance ? "grows" : "holds",
    start,
    end,
    slopePerHour: slope * MS_AN_HOUR,
    boundPerHour: bound * MS_AN_HOUR,
    samples,
  };
}

/** The slope between any two points, ascending. */
function slopesOf(points: readonly Point[]): number[] {
  const slopes: number[] = [];
  for (const [n, from] of points.entries()) {
    for (const to of points.slice(n + 1)) {
      if (to.atMs > from.atMs) slopes.push((to.value - from.value) / (to.atMs - from.atMs));
    }
  }
  return slopes.sort((a, b) => a - b);
}

/** Where the lower bound stands among the slopes (Sen 1968, by the variance of Kendall's S). */
function boundIndex(samples: number, slopes: number): number {
  const variance = samples * (samples - 1) * (2 * samples + 5) / 18;
  const rank = Math.floor((slopes - CONFIDENCE_Z * Math.sqrt(variance)) / 2);
  return Math.max(0, Math.min(slopes - 1, rank));
}
