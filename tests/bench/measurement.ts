/**
 * What one workload yields on one server in one round, and how its cost is taken: the server's and
 * the generator's CPU time around a piece of work.
 */
import type { Load } from "./load.ts";
import { type LatencyHistogram, median } from "./statistics.ts";
import { cpuUsBetween, ownCpuUs, readCpu } from "./usage.ts";

/** Below this share of a CPU over `QUIET_MS` a server counts as idle. */
const QUIET_SHARE = 0.03;
const QUIET_MS = 200;
const MAX_QUIET_WAITS = 25;
/** What a server still does after the last delivery (timers, collection) belongs to the work. */
const TAIL_MS = 50;

/** A server under test, as the workloads see it. */
export type Target = {
  readonly pid: number;
  readonly load: Load;
  /** Whether a chat is delivered to its sender too. */
  readonly echoesChat: boolean;
};

/** The outcome of a workload. */
export type Measurement = {
  readonly deliveries: number;
  /** CPU time of the server a delivered message. */
  readonly cpuUs: number;
  readonly deliveriesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The generator's share of one CPU: near 1, it and not the server set the pace. */
  readonly generatorShare: number;
};

/** What was delivered, and how late. */
export type Delivered = { readonly deliveries: number; readonly latencies: LatencyHistogram };

/** Runs `work` and takes what it cost the server. */
export function measure(target: Target, work: () => Delivered): Measurement {
  waitForQuiet(target);
  const serverBefore = readCpu(target.pid);
  const generatorBeforeUs = ownCpuUs();
  const startMs = performance.now();
  const { deliveries, latencies } = work();
  const wallMs = performance.now() - startMs;
  const generatorUs = ownCpuUs() - generatorBeforeUs;
  target.load.for(TAIL_MS);
  const serverUs = cpuUsBetween(serverBefore, readCpu(target.pid));
  return {
    deliveries,
    cpuUs: serverUs / deliveries,
    deliveriesPerSecond: deliveries / wallMs * 1_000,
    p50Ms: latencies.percentile(0.5) / 1_000,
    p99Ms: latencies.percentile(0.99) / 1_000,
    generatorShare: generatorUs / 1_000 / wallMs,
  };
}

/** The median of each figure, as if it were one measurement. */
export function medians(measurements: readonly Measurement[]): Measurement {
  const of = (figure: keyof Measurement) => median(measurements.map((one) => one[figure]));
  return {
    deliveries: of("deliveries"),
    cpuUs: of("cpuUs"),
    deliveriesPerSecond: of("deliveriesPerSecond"),
    p50Ms: of("p50Ms"),
    p99Ms: of("p99Ms"),
    generatorShare: of("generatorShare"),
  };
}

/** Waits until the server has nothing left to do, five seconds at most. */
export function waitForQuiet(target: { readonly pid: number; readonly load: Load }): void {
  for (let waits = 0; waits < MAX_QUIET_WAITS; waits++) {
    const before = readCpu(target.pid);
    target.load.for(QUIET_MS);
    if (cpuUsBetween(before, readCpu(target.pid)) < QUIET_SHARE * QUIET_MS * 1_000) return;
  }
}

/** Throws unless exactly as much arrived as should have. */
export function expectCount(what: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw new Error(`The count of ${what} is wrong: ${actual} arrived, ${expected} were due`);
}
