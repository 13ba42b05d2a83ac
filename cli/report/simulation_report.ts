/**
 * The outcome of a simulation as one plain document: what `--json` prints and what the terminal,
 * JUnit and HTML reports are drawn from. Documented field by field because scripts read it.
 */
import type { Comparison } from "../measure/comparison.ts";
import { blocksToText, type Latency } from "../measure/latency.ts";
import type { ServerUse } from "../measure/server_usage.ts";
import type { SloVerdict } from "../measure/slo.ts";
import type { Outcome } from "../scenarios/outcome.ts";
import type { ActionCounts } from "../scenarios/phase_context.ts";
import type { SimulationSettings } from "../scenarios/settings.ts";
import { findScenario } from "../scenarios/table.ts";
import { type Finding, LATENCY_KINDS, type LatencyKind } from "../verify/mod.ts";
import { type Check, listChecks } from "./checks.ts";

/** What came of a run. */
export type SimulationVerdict = "verified" | "wrong" | "interrupted" | "unreachable";

/** Exit codes by verdict; 2 is for usage. */
export const EXIT_CODES = { verified: 0, wrong: 1, unreachable: 3, interrupted: 130 } as const;

/** Times of one kind, in milliseconds. */
export type LatencySummary = {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Counts over equal ratios of time, each up to `toMs`. */
  readonly shape: readonly { readonly toMs: number; readonly count: number }[];
  /** The durations in blocks of neighbours, for --baseline: `bucket:count` pairs, a line a block. */
  readonly blocks: readonly string[];
};

/** The document. */
export type SimulationReport = {
  /** Changes when a field changes its meaning. */
  readonly format: "signalbox-simulate/1";
  readonly verdict: SimulationVerdict;
  /** 0 verified; 1 wrong, an objective missed or a figure worse; 3 unreachable, 130 interrupted. */
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
    /** Connections and requests that failed. */
    readonly errors: number;
    readonly sent: number;
    readonly received: number;
    readonly receivedPerSecond: number;
  };
  /** Each rule with how often it was put to the test. */
  readonly checks: readonly Check[];
  /** How many findings there were; `findings` holds the first thousand. */
  readonly findingsTotal: number;
  readonly findings: readonly Finding[];
  readonly latency: Readonly<Record<LatencyKind, LatencySummary>>;
  /** Messages received a second, in equal pieces of the run. */
  readonly throughput: readonly number[];
  /** The tester itself: a late one measures itself. */
  readonly tester: {
    readonly lateP99Ms: number;
    readonly lateMaxMs: number;
    /** It was late or busy beyond its bounds: the figures are its own, not the server's. */
    readonly isSaturated: boolean;
    readonly maxRssBytes: number;
    /** Testers side by side. */
    readonly count: number;
    /** CPU time over time of the busiest of them: 1 is a whole core. */
    readonly cpuShare: number;
    /** The share of the time in which its core was full. */
    readonly fullShare: number;
  };
  /** What the server spent, where it tells. */
  readonly server: ServerUse;
  /** The objectives of --slo. */
  readonly slos: readonly SloVerdict[];
  /** The comparison with --baseline; null: none was asked for. */
  readonly baseline: BaselineVerdict | null;
  readonly notes: readonly string[];
};

/** This run beside an earlier one. */
export type BaselineVerdict = {
  readonly file: string;
  /** Settings that differ, in words. */
  readonly differences: readonly string[];
  readonly comparisons: readonly Comparison[];
};

/** Later than this, a tester adds visibly to what it measures. */
const SATURATED_MS = 50;
/** A core that is full for more of the run than this queues up what it measures. */
const SATURATED_SHARE = 0.25;
/** Rules that are broken by a connection or a request that fails. */
const ERROR_RULES = ["CO1", "CO9", "ER1", "ER4", "JO5", "LI1", "LI2"];
/** Columns of a latency's shape. */
const SHAPE_COLUMNS = 24;

/** Draws up the document of a run that has ended. */
export function reportOf(
  outcome: Outcome,
  about: {
    settings: SimulationSettings;
    url: string;
    isLocal: boolean;
    startedAt: Date;
    /** Default: nothing is known. */
    server?: ServerUse;
  },
): SimulationReport {
  const { run, probe, throughput, progress, testers } = outcome;
  const verdict = verdictOf(outcome);
  const lateP99Ms = probe.lateness.percentile(99);
  const fullShare = Math.max(0, ...testers.map((tester) => tester.fullShare));
  const scenario = findScenario(about.settings.scenario);
  return {
    format: "signalbox-simulate/1",
    verdict,
    exitCode: EXIT_CODES[verdict],
    startedAt: about.startedAt.toISOString(),
    durationMs: round(outcome.durationMs),
    target: { url: about.url, isLocal: about.isLocal },
    settings: about.settings,
    phases: progress.phases.map(({ name, state, ms }) => ({ name, state, ms: round(ms) })),
    counts: {
      ...outcome.counts,
      errors: ERROR_RULES.reduce((sum, rule) => sum + run.findings.countOf(rule), 0),
      sent: run.sent,
      received: run.received,
      receivedPerSecond: Math.round(throughput.mean),
    },
    checks: listChecks(scenario?.rules ?? [], run),
    findingsTotal: run.findings.total,
    findings: run.findings.kept,
    latency: Object.fromEntries(
      LATENCY_KINDS.map((kind) => [kind, summarize(run.latencies[kind])]),
    ) as Record<LatencyKind, LatencySummary>, // One entry a kind.
    throughput: throughput.series.map(Math.round),
    tester: {
      lateP99Ms: round(lateP99Ms),
      lateMaxMs: round(probe.lateness.maxMs),
      isSaturated: lateP99Ms > SATURATED_MS || fullShare > SATURATED_SHARE,
      maxRssBytes: outcome.maxRssBytes,
      count: testers.length,
      cpuShare: round(Math.max(0, ...testers.map((tester) => tester.share))),
      fullShare: round(fullShare),
    },
    server: about.server ?? {},
    slos: [],
    baseline: null,
    notes: outcome.unreachable === undefined
      ? outcome.notes
      : [...outcome.notes, outcome.unreachable],
  };
}

function verdictOf({ unreachable, isInterrupted, run }: Outcome): SimulationVerdict {
  if (unreachable !== undefined) return "unreachable";
  if (isInterrupted) return "interrupted";
  return run.findings.total > 0 ? "wrong" : "verified";
}

function summarize(histogram: Latency): LatencySummary {
  return {
    count: histogram.count,
    mean: round(histogram.meanMs),
    p50: round(histogram.percentile(50)),
    p90: round(histogram.percentile(90)),
    p95: round(histogram.percentile(95)),
    p99: round(histogram.percentile(99)),
    max: round(histogram.maxMs),
    shape: histogram.shape(SHAPE_COLUMNS),
    blocks: blocksToText(histogram.blocks),
  };
}

/** To the microsecond; more digits are noise. */
function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
