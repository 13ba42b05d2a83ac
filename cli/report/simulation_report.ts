/**
 * The outcome of a simulation as one plain document: what `--json` prints and what the terminal,
 * JUnit and HTML reports are drawn from. Documented field by field because scripts read it.
 */
import type { Histogram } from "../measure/histogram.ts";
import type { LatencyColumn, LatencyOverTime } from "../measure/latency_over_time.ts";
import type { ActionCounts } from "../scenarios/phase_context.ts";
import type { SimulationSettings } from "../scenarios/settings.ts";
import type { Simulation } from "../scenarios/simulation.ts";
import type { Finding } from "../verify/mod.ts";
import { type Check, listChecks } from "./checks.ts";

/** What came of a run. */
export type SimulationVerdict = "verified" | "wrong" | "interrupted" | "unreachable";

/** Exit codes by verdict; 2 is for usage. */
export const EXIT_CODES = { verified: 0, wrong: 1, unreachable: 3, interrupted: 130 } as const;

/** Times of one kind, in milliseconds. */
export type LatencySummary = {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Counts over equal ratios of time, each up to `toMs`. */
  readonly shape: readonly { readonly toMs: number; readonly count: number }[];
  /** The same figures for each piece of the run in which there were any. */
  readonly overTime: readonly LatencyColumn[];
};

/** The document. */
export type SimulationReport = {
  /** Changes when a field changes its meaning. */
  readonly format: "signalbox-simulate/1";
  readonly verdict: SimulationVerdict;
  /** 0 verified, 1 wrong, 3 unreachable, 130 interrupted. */
  readonly exitCode: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Which server; `isLocal` when the run started it itself. */
  readonly target: { readonly url: string; readonly isLocal: boolean };
  readonly settings: SimulationSettings;
  readonly phases: readonly {
    readonly name: string;
    readonly state: string;
    readonly ms: number;
  }[];
  /** What the users did and how many messages that made. */
  readonly counts: ActionCounts & {
    readonly sent: number;
    readonly received: number;
    readonly receivedPerSecond: number;
  };
  /** Each rule with how often it was put to the test. */
  readonly checks: readonly Check[];
  /** How many findings there were; `findings` holds the first thousand. */
  readonly findingsTotal: number;
  readonly findings: readonly Finding[];
  readonly latency: { readonly join: LatencySummary; readonly broadcast: LatencySummary };
  /** Messages received a second, in equal pieces of the run. */
  readonly throughput: readonly number[];
  /** The tester itself: a late one measures itself. */
  readonly tester: {
    readonly lateP99Ms: number;
    readonly lateMaxMs: number;
    readonly isSaturated: boolean;
    readonly maxRssBytes: number;
  };
  readonly notes: readonly string[];
  /** Objectives that the run was given, and whether it met them. */
  readonly slos?: readonly {
    readonly expression: string;
    readonly seen: string | number;
    readonly isMet: boolean;
  }[];
};

/** Later than this, a tester adds visibly to what it measures. */
const SATURATED_MS = 50;
/** Columns of a latency's shape. */
const SHAPE_COLUMNS = 24;

/** Draws up the document of a run that has ended. */
export function reportOf(
  simulation: Simulation,
  about: { settings: SimulationSettings; url: string; isLocal: boolean; startedAt: Date },
): SimulationReport {
  const { run, probe, throughput, progress } = simulation;
  const verdict = verdictOf(simulation);
  const lateP99Ms = probe.lateness.percentile(99);
  return {
    format: "signalbox-simulate/1",
    verdict,
    exitCode: EXIT_CODES[verdict],
    startedAt: about.startedAt.toISOString(),
    durationMs: round(simulation.durationMs),
    target: { url: withoutToken(about.url), isLocal: about.isLocal },
    settings: about.settings,
    phases: progress.phases.map(({ name, state, ms }) => ({ name, state, ms: round(ms) })),
    counts: {
      ...simulation.counts,
      sent: run.sent,
      received: run.received,
      receivedPerSecond: Math.round(throughput.mean),
    },
    checks: listChecks(run.tally, run.findings),
    findingsTotal: run.findings.total,
    findings: run.findings.kept,
    latency: {
      join: summarize(run.joinLatency, run.overTime.join),
      broadcast: summarize(run.broadcastLatency, run.overTime.broadcast),
    },
    throughput: throughput.series.map(Math.round),
    tester: {
      lateP99Ms: round(lateP99Ms),
      lateMaxMs: round(probe.lateness.maxMs),
      isSaturated: lateP99Ms > SATURATED_MS,
      maxRssBytes: simulation.maxRssBytes,
    },
    notes: simulation.unreachable === undefined
      ? simulation.notes
      : [...simulation.notes, simulation.unreachable],
  };
}

function verdictOf({ unreachable, isInterrupted, run }: Simulation): SimulationVerdict {
  if (unreachable !== undefined) return "unreachable";
  if (isInterrupted) return "interrupted";
  return run.findings.total > 0 ? "wrong" : "verified";
}

function summarize(histogram: Histogram, overTime: LatencyOverTime): LatencySummary {
  return {
    count: histogram.count,
    p50: round(histogram.percentile(50)),
    p95: round(histogram.percentile(95)),
    p99: round(histogram.percentile(99)),
    max: round(histogram.maxMs),
    shape: histogram.shape(SHAPE_COLUMNS),
    overTime: overTime.columns.map((column) => ({
      ...column,
      p50: round(column.p50),
      p95: round(column.p95),
      p99: round(column.p99),
      max: round(column.max),
    })),
  };
}

/** To the microsecond; more digits are noise. */
function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

/** A report is passed around, an access token must not be (rule TK1). */
function withoutToken(url: string): string {
  return url.replace(/([?&]access_token=)[^&#]*/g, "$1...");
}
