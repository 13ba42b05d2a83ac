/**
 * What a run is held against: objectives (`--slo`) and an earlier run (`--baseline`). Adds the
 * verdicts to the report, and the exit code 1 where one is bad; the verdict on what the users saw
 * stays what it is.
 */
import { compareLatency, compareSeries, type Comparison } from "../measure/comparison.ts";
import { blocksFromText } from "../measure/latency.ts";
import { judgeSlos, type Readings, type Slo, STATISTICS } from "../measure/slo.ts";
import { mediaFlagsAgain } from "../media/media_flags.ts";
import { describeArrival } from "../scenarios/arrivals.ts";
import type { SimulationSettings } from "../scenarios/settings.ts";
import { LATENCY_KINDS, type LatencyKind } from "../verify/mod.ts";
import type { SimulationReport } from "./simulation_report.ts";

/** An earlier run, as far as it is read. */
export type Baseline = {
  readonly file: string;
  readonly settings: Partial<SimulationSettings>;
  readonly throughput: readonly number[];
  /** The blocks of a latency; undefined where the report has none. */
  readonly blocksOf: (kind: LatencyKind) => ReturnType<typeof blocksFromText>;
};

/** A file is no report to compare with. The message says why. */
export class BaselineError extends Error {
  override readonly name = "BaselineError";
}

/** The figures of a latency that are compared. */
const COMPARED = ["p50", "p95", "p99"] as const;
/** Settings that change what is measured. */
const TELLING = ["scenario", "users", "rooms", "rate", "durationMs", "churn"] as const;

/** The figures of `report` by metric. */
export function readingsOf(report: SimulationReport): Readings {
  const { counts, findingsTotal, tester, server, latency } = report;
  return (metric) => {
    switch (metric) {
      case "errors":
        return counts.errors;
      case "findings":
        return findingsTotal;
      case "throughput.received":
        return counts.receivedPerSecond;
      case "tester.lateP99":
        return tester.lateP99Ms;
      case "server.cpu":
        return server.cpuShare;
      case "server.rss":
        return server.maxRssBytes;
    }
    const kind = LATENCY_KINDS.find((one) => metric.startsWith(`${one}.`));
    const statistic = STATISTICS.find((one) => metric.endsWith(`.${one}`));
    if (kind === undefined || statistic === undefined || latency[kind].count === 0) {
      return undefined;
    }
    return latency[kind][statistic];
  };
}

/** `report` with the verdicts on `slos` and against `baseline`. */
export function judgeReport(
  report: SimulationReport,
  { slos, baseline }: { slos: readonly Slo[]; baseline: Baseline | undefined },
): SimulationReport {
  if (report.verdict === "unreachable") return report;
  const verdicts = judgeSlos(slos, readingsOf(report));
  const compared = baseline === undefined ? null : compare(report, baseline);
  const isBad = verdicts.some(({ isMet }) => !isMet) ||
    (compared?.comparisons.some(({ verdict }) => verdict === "worse") ?? false);
  const exitCode = report.exitCode === 0 && isBad ? 1 : report.exitCode;
  return { ...report, exitCode, slos: verdicts, baseline: compared };
}

/** Reads what an earlier `--json` wrote; throws {@linkcode BaselineError}. */
export function parseBaseline(file: string, text: string): Baseline {
  let document: Partial<SimulationReport>;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new BaselineError("it holds no JSON", { cause: error });
  }
  if (document?.format !== "signalbox-simulate/1") {
    throw new BaselineError("it is no report of simulate --json");
  }
  const { settings = {}, latency, throughput } = document;
  const blocksOf = (kind: LatencyKind) => blocksFromText(latency?.[kind]?.blocks);
  if (LATENCY_KINDS.every((kind) => blocksOf(kind) === undefined)) {
    throw new BaselineError("it is of a version that stored no samples; run it anew");
  }
  const isSeries = Array.isArray(throughput) && throughput.every(Number.isFinite);
  return { file, settings, blocksOf, throughput: isSeries ? throughput : [] };
}

function compare(report: SimulationReport, baseline: Baseline): SimulationReport["baseline"] {
  const comparisons: Comparison[] = LATENCY_KINDS.flatMap((kind) => {
    const before = baseline.blocksOf(kind) ?? [];
    const after = blocksFromText(report.latency[kind].blocks) ?? [];
    if (before.length === 0 && after.length === 0) return [];
    return COMPARED.map((name) => compareLatency(`${kind}.${name}`, name, { before, after }));
  });
  const throughput = { before: baseline.throughput, after: report.throughput };
  return {
    file: baseline.file,
    differences: differencesOf(baseline.settings, report.settings),
    comparisons: [...comparisons, compareSeries("throughput.received", throughput)],
  };
}

function differencesOf(
  before: Partial<SimulationSettings>,
  after: SimulationSettings,
): string[] {
  const differences = TELLING.filter((name) => before[name] !== after[name])
    .map((name) => `${name} ${before[name] ?? "unset"}, now ${after[name] ?? "unset"}`);
  const [was, is] = [before.arrival, after.arrival].map((arrival) =>
    arrival === undefined ? "unset" : describeArrival(arrival)
  );
  if (was !== is) differences.push(`arrival ${was}, now ${is}`);
  const media = [before.media, after.media].map((one) => one ? mediaFlagsAgain(one) : "no media");
  return media[0] === media[1] ? differences : [...differences, media.join(", now ")];
}
