/**
 * What a soak comes to: the series that must not grow, each with what it is allowed, and the judgement
 * over all cycles after the warm-up. Pure.
 */
import { median } from "../bench/statistics.ts";
import type { Sample } from "./sampler.ts";
import type { Tolerances } from "./settings.ts";
import { judge, type Trend } from "./trend.ts";

/** The first cycles of a run in which the process compiles and its pools fill. */
const WARM_UP_SHARE = 0.25;

/** One breath of the population: many people, then nobody. */
export type Cycle = {
  /** At the end of the time in which users churned. */
  readonly busy: Sample;
  /** How late the timers of the tester were meanwhile (p99): what the machine does to any program. */
  readonly testerDriftMs: number;
  /** While nobody was there. */
  readonly rest: readonly Sample[];
};

/** What a series did. */
export type SeriesVerdict = Trend & {
  readonly name: string;
  readonly unit: string;
  /** It may grow by so much in the run. */
  readonly tolerance: number;
};

type Series = {
  readonly name: string;
  readonly unit: string;
  /** A number, or the name of one that the run sets. */
  readonly tolerance: number | keyof Tolerances;
  /** The value of one cycle; `usualDriftMs` is the median of the tester's in the run. */
  readonly of: (cycle: Cycle, usualDriftMs: number) => number | undefined;
};

/** At rest the least of the samples counts: garbage that waits for its collector is no leak. */
const SERIES: readonly Series[] = [
  {
    name: "resident memory at rest",
    unit: "MB",
    tolerance: "memoryMb",
    of: least(({ residentMb }) => residentMb),
  },
  { name: "heap at rest", unit: "MB", tolerance: "memoryMb", of: least(({ heapMb }) => heapMb) },
  // The metrics are asked for over connections that live on for a few seconds.
  { name: "open files at rest", unit: "", tolerance: 4, of: least((one) => one.descriptors) },
  { name: "sockets at rest", unit: "", tolerance: 0.5, of: least(({ sockets }) => sockets) },
  { name: "stays at rest", unit: "", tolerance: 0.5, of: least(({ stays }) => stays) },
  { name: "reserved codes at rest", unit: "", tolerance: 2, of: least((one) => one.reservedCodes) },
  { name: "timers at rest", unit: "", tolerance: 4, of: least(({ timers }) => timers) },
  // A machine that gets busier delays the timers of both: what the tester is later than usual is
  // not the server's.
  {
    name: "event-loop drift, busy",
    unit: "ms",
    tolerance: "driftMs",
    of: ({ busy, testerDriftMs }, usualDriftMs) => busy.driftMs - (testerDriftMs - usualDriftMs),
  },
];

/** Judges every series by what it may grow by in this run. */
export function judgeCycles(cycles: readonly Cycle[], tolerances: Tolerances): SeriesVerdict[] {
  const judged = cycles.slice(Math.floor(cycles.length * WARM_UP_SHARE));
  const usualDriftMs = median(judged.map(({ testerDriftMs }) => testerDriftMs));
  return SERIES.map(({ name, unit, of, ...series }) => {
    const tolerance = typeof series.tolerance === "number"
      ? series.tolerance
      : tolerances[series.tolerance];
    const points = judged.flatMap((cycle) => {
      const value = of(cycle, usualDriftMs);
      return value === undefined ? [] : [{ atMs: cycle.busy.atMs, value }];
    });
    return { name, unit, tolerance, ...judge(points, tolerance) };
  });
}

function least(of: (sample: Sample) => number | undefined): Series["of"] {
  return ({ rest }) => {
    const values = rest.map(of).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : Math.min(...values);
  };
}
