/**
 * The outcome of a simulation as one plain document: what `--json` prints and what the terminal,
 * JUnit and HTML reports are drawn from. `report_schema.ts` documents it field by field, because scripts
 * read it.
 */
import { blocksToText, type Latency } from "../measure/latency.ts";
import type { LatencyOverTime } from "../measure/latency_over_time.ts";
import type { ServerUse } from "../measure/server_usage.ts";
import type { MediaOutcome } from "../media/media_run.ts";
import { MEDIA_RULES, type MediaSettings, MESH_MEDIA_RULES } from "../media/media_settings.ts";
import type { Outcome } from "../scenarios/outcome.ts";
import type { SimulationSettings } from "../scenarios/settings.ts";
import { findScenario } from "../scenarios/table.ts";
import { LATENCY_KINDS, type LatencyKind } from "../verify/mod.ts";
import { listChecks } from "./checks.ts";
import type {
  LatencySummary,
  MediaReport,
  SimulationReport,
  SimulationVerdict,
} from "./report_schema.ts";

export type {
  BaselineVerdict,
  LatencySummary,
  MediaReport,
  SimulationReport,
  SimulationVerdict,
} from "./report_schema.ts";

/** Exit codes by verdict; 2 is for usage. */
export const EXIT_CODES = { verified: 0, wrong: 1, unreachable: 3, interrupted: 130 } as const;

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
    target: { url: withoutToken(about.url), isLocal: about.isLocal },
    settings: settingsOf(about.settings),
    phases: progress.phases.map(({ name, state, ms }) => ({ name, state, ms: round(ms) })),
    counts: {
      ...outcome.counts,
      errors: ERROR_RULES.reduce((sum, rule) => sum + run.findings.countOf(rule), 0),
      sent: run.sent,
      received: run.received,
      receivedPerSecond: Math.round(throughput.mean),
    },
    checks: listChecks([
      ...scenario?.rules ?? [],
      ...outcome.media ? rulesOf(about.settings.media) : [],
    ], run),
    findingsTotal: run.findings.total,
    findings: run.findings.kept,
    latency: Object.fromEntries(
      LATENCY_KINDS.map((kind) => [kind, summarize(run.latencies[kind], run.overTime[kind])]),
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
    media: outcome.media === undefined ? null : mediaOf(outcome.media),
    notes: outcome.unreachable === undefined
      ? outcome.notes
      : [...outcome.notes, outcome.unreachable],
  };
}

/** The settings as JSON has them: what was not chosen is left out. */
function settingsOf(
  { arrival, rate, durationMs, media, ...chosen }: SimulationSettings,
): SimulationReport["settings"] {
  return {
    ...chosen,
    ...media === undefined ? {} : { media: mediaSettingsOf(media) },
    ...arrival === undefined ? {} : { arrival },
    ...rate === undefined ? {} : { rate },
    ...durationMs === undefined ? {} : { durationMs },
  };
}

function rulesOf(media: MediaSettings | undefined): readonly string[] {
  return media?.path === "mesh" ? MESH_MEDIA_RULES : MEDIA_RULES;
}

function mediaSettingsOf(
  { videoKbps, path, ...chosen }: MediaSettings,
): NonNullable<SimulationReport["settings"]["media"]> {
  return {
    ...chosen,
    ...path === undefined ? {} : { path },
    ...videoKbps === undefined ? {} : { videoKbps },
  };
}

function mediaOf(media: MediaOutcome): MediaReport {
  return {
    ...media,
    delays: media.delays.map(({ userId, p50, p99, max }) => ({
      ...{ userId, p50: round(p50), p99: round(p99), max: round(max) },
    })),
  };
}

function verdictOf({ unreachable, isInterrupted, run }: Outcome): SimulationVerdict {
  if (unreachable !== undefined) return "unreachable";
  if (isInterrupted) return "interrupted";
  return run.findings.total > 0 ? "wrong" : "verified";
}

function summarize(histogram: Latency, overTime: LatencyOverTime): LatencySummary {
  return {
    count: histogram.count,
    mean: round(histogram.meanMs),
    p50: round(histogram.percentile(50)),
    p90: round(histogram.percentile(90)),
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
    blocks: blocksToText(histogram.blocks),
  };
}

/** To the microsecond; more digits are noise. */
function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

/** A report is passed around, an access token must not be (rule TK1). */
export function withoutToken(url: string): string {
  return url.replace(/([?&]access_token=)[^&#]*/g, "$1...");
}
