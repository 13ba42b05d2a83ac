/**
 * The outcome of a simulation as one plain document: what `--json` prints and what the terminal,
 * JUnit and HTML reports are drawn from. `report_schema.ts` documents it field by field, because scripts
 * read it.
 */
import type { Histogram } from "../measure/histogram.ts";
import type { LatencyOverTime } from "../measure/latency_over_time.ts";
import type { SimulationSettings } from "../scenarios/settings.ts";
import type { Simulation } from "../scenarios/simulation.ts";
import { listChecks } from "./checks.ts";
import type { LatencySummary, SimulationReport, SimulationVerdict } from "./report_schema.ts";

export type { LatencySummary, SimulationReport, SimulationVerdict } from "./report_schema.ts";

/** Exit codes by verdict; 2 is for usage. */
export const EXIT_CODES = { verified: 0, wrong: 1, unreachable: 3, interrupted: 130 } as const;

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
    settings: settingsOf(about.settings),
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

/** The settings as JSON has them: what was not chosen is left out. */
function settingsOf(
  { rate, durationMs, ...chosen }: SimulationSettings,
): SimulationReport["settings"] {
  return {
    ...chosen,
    ...rate === undefined ? {} : { rate },
    ...durationMs === undefined ? {} : { durationMs },
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
