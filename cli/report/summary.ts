/**
 * The end of a run on the terminal: the verdict, what was checked and how often, what is wrong, how
 * fast it was. `commands/simulate.ts` prints it.
 */
import type { Stream } from "../terminal.ts";
import type { LatencySummary, SimulationReport } from "./simulation_report.ts";
import { describeMeasured } from "../measure/slo.ts";
import { mediaFlagsAgain } from "../media/media_flags.ts";
import { DEFAULT_DROP_RATIO, type SimulationSettings } from "../scenarios/settings.ts";
import { DEFAULT_SCENARIO, findScenario } from "../scenarios/table.ts";
import { LATENCY_KINDS } from "../verify/mod.ts";
import { mediaLines } from "./media_summary.ts";
import {
  counted,
  describeComparison,
  duration,
  megabytes,
  printable,
  sparkline,
  thousands,
} from "./words.ts";

/** Findings that are printed; `--json` and `--html` hold more. */
const MAX_PRINTED = 12;
const SHAPE_COLUMNS = 24;
const RATE_COLUMNS = 48;

/** The whole summary. */
export function summarize(report: SimulationReport, stream: Stream): string {
  if (report.verdict === "unreachable") return `${verdictLine(report, stream)}\n`;
  const sections = [
    findings(report, stream),
    checks(report, stream),
    figures(report, stream),
    mediaLines(report, stream),
    objectives(report, stream),
    comparison(report, stream),
    remarks(report, stream),
    [verdictLine(report, stream), againLine(report, stream)],
  ];
  return `${
    sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n")
  }\n`;
}

/** The verdict in one line. */
export function verdictLine(report: SimulationReport, { style }: Stream): string {
  const { verdict, settings, counts, findingsTotal, target } = report;
  const who = `${counted(settings.users, "user")} in ${counted(settings.rooms, "room")}`;
  const took = style("dim", `in ${duration(report.durationMs)}`);
  const messages = counted(counts.received, "message");
  switch (verdict) {
    case "verified":
      return `${style(["green", "bold"], "✔ VERIFIED")}  ${who}, ${messages} ${took}` +
        missedPart(report, style);
    case "wrong":
      return `${style(["red", "bold"], "✘ WRONG")}  ${counted(findingsTotal, "finding")}; ` +
        `${who}, ${messages} ${took}`;
    case "interrupted":
      return `${style(["yellow", "bold"], "■ INTERRUPTED")}  ${messages} until then, ` +
        `${
          findingsTotal === 0 ? "nothing wrong in them" : counted(findingsTotal, "finding")
        } ${took}`;
    case "unreachable":
      return `${style(["red", "bold"], "✘ UNREACHABLE")}  Cannot connect to ${target.url}: ` +
        `${printable(report.notes.at(-1) ?? "no answer")}. Start a server with: deno task start`;
  }
}

/** What is bad although everything the users saw was right. */
function missedPart({ slos, baseline }: SimulationReport, style: Stream["style"]): string {
  const missed = slos.filter(({ isMet }) => !isMet).length;
  const worse = baseline?.comparisons.filter(({ verdict }) => verdict === "worse").length ?? 0;
  const parts = [
    ...missed > 0 ? [`✘ ${missed} of ${counted(slos.length, "objective")} missed`] : [],
    ...worse > 0 ? [`✘ ${counted(worse, "figure")} worse than before`] : [],
  ];
  return parts.map((part) => `  ${style(["red", "bold"], part)}`).join("");
}

function findings({ findings, findingsTotal }: SimulationReport, { style }: Stream): string[] {
  if (findingsTotal === 0) return [];
  const lines = findings.slice(0, MAX_PRINTED).flatMap((finding) => [
    `${style("red", "✘")} ${style("bold", finding.rule)} ${
      printable(`${finding.userId} in room "${finding.roomId}": ${finding.message}`)
    }`,
    `    ${style("dim", "expected")} ${printable(finding.expected)}`,
    `    ${style("dim", "seen    ")} ${printable(finding.seen)}`,
  ]);
  const more = findingsTotal - Math.min(findingsTotal, MAX_PRINTED);
  return more === 0 ? lines : [...lines, style("dim", `  and ${thousands(more)} more`)];
}

function checks({ checks }: SimulationReport, { style }: Stream): string[] {
  const width = Math.max(...checks.map(({ title }) => title.length));
  return checks.map(({ rule, title, state, checked, failed }) => {
    const mark = {
      passed: style("green", "✔"),
      failed: style("red", "✘"),
      "not checked": style("yellow", "–"),
    }[state];
    const count = state === "failed"
      ? style("red", `${thousands(failed)} wrong of ${thousands(Math.max(checked, failed))}`)
      : state === "passed"
      ? thousands(checked)
      : style("yellow", "not checked");
    return `  ${mark} ${style("dim", rule)}  ${title.padEnd(width)}  ${count}`;
  });
}

function figures(report: SimulationReport, stream: Stream): string[] {
  const { latency, counts, throughput } = report;
  const { style } = stream;
  const head = ["p50", "p95", "p99", "max"].map((name) => name.padStart(9)).join("");
  const shown = LATENCY_KINDS.filter((kind) => latency[kind].count > 0);
  return [
    style("dim", `  ${"".padEnd(10)}${head}`),
    ...shown.map((kind) => latencyLine(kind, latency[kind], stream)),
    "",
    `  ${"messages".padEnd(10)}${`${thousands(counts.receivedPerSecond)}/s`.padStart(9)}` +
    `  ${style("cyan", sparkline(throughput, RATE_COLUMNS))}`,
    `  ${"users".padEnd(10)}${thousands(counts.joins + counts.returns).padStart(9)} joins, ` +
    `${thousands(counts.chats)} chats, ${thousands(counts.leaves)} leaves, ` +
    `${thousands(counts.drops)} drops${moreCounts(counts)}`,
    ...usage(report),
  ];
}

function moreCounts(counts: SimulationReport["counts"]): string {
  const more = (["returns", "losses", "resumes", "calls"] as const)
    .filter((name) => counts[name] > 0).map((name) => `, ${thousands(counts[name])} ${name}`);
  return more.join("");
}

/** What tester and server spent: who of them was the limit shows here. */
function usage({ tester, server }: SimulationReport): string[] {
  const core = (share: number) => `${Math.round(share * 100)} % of a core`;
  const several = tester.count > 1 ? `, the busiest of ${tester.count}` : "";
  const spent = [
    ...server.cpuShare === undefined ? [] : [core(server.cpuShare)],
    ...server.maxRssBytes === undefined ? [] : [`${megabytes(server.maxRssBytes)} resident`],
  ];
  return [
    `  ${"tester".padEnd(10)}${duration(tester.lateP99Ms).padStart(9)} late at p99, ` +
    `${core(tester.cpuShare)}${several}, ${megabytes(tester.maxRssBytes)} resident`,
    ...spent.length === 0 ? [] : [`  ${"server".padEnd(12)}${spent.join(", ")}`],
  ];
}

function objectives({ slos }: SimulationReport, { style }: Stream): string[] {
  const width = Math.max(...slos.map(({ slo }) => slo.length));
  return slos.map(({ slo, isMet, measured }) => {
    const mark = isMet ? style("green", "✔") : style("red", "✘");
    return `  ${mark} ${slo.padEnd(width)}  ${describeMeasured(slo, measured)}`;
  });
}

function comparison({ baseline }: SimulationReport, { style }: Stream): string[] {
  if (baseline === null) return [];
  const marks = { better: "green", same: "dim", worse: "red", unknown: "yellow" } as const;
  return [
    style("dim", `  against ${printable(baseline.file)}, with 99 % confidence`),
    ...baseline.differences.map((words) => `  ${style("yellow", "!")} ${printable(words)}`),
    ...baseline.comparisons.map((one) =>
      `  ${style(marks[one.verdict], one.verdict.padEnd(7))}  ${one.metric.padEnd(19)}  ` +
      describeComparison(one)
    ),
  ];
}

function latencyLine(name: string, latency: LatencySummary, { style }: Stream): string {
  const { p50, p95, p99, max, shape } = latency;
  const figures = [p50, p95, p99, max].map((ms) => duration(ms).padStart(9)).join("");
  const drawn = sparkline(shape.map((column) => column.count), SHAPE_COLUMNS);
  return `  ${name.padEnd(10)}${figures}  ${style("cyan", drawn)}`;
}

function remarks({ tester, notes, target }: SimulationReport, { style }: Stream): string[] {
  const lines = notes.map((note) => `${style("yellow", "!")} ${printable(note)}`);
  if (tester.isSaturated) {
    const where = target.isLocal ? "server and tester share this machine" : "this machine is busy";
    lines.push(
      `${style("yellow", "!")} The tester, not the server, was the limit ` +
        `(late by ${duration(tester.lateP99Ms)} at p99, its core full for ` +
        `${Math.round(tester.fullShare * 100)} % of the time; ${where}). The times above include ` +
        `that: a lower --rate, or --processes, gives the server's own.`,
    );
  }
  return lines;
}

function againLine(report: SimulationReport, { style }: Stream): string {
  return style("dim", `  Again: ${againCommand(report)}`);
}

/** The command that repeats the run. */
export function againCommand({ settings, target, tester, slos }: SimulationReport): string {
  const { users, rooms, room, rate, durationMs, holdMs, churn, dropRatio, seed } = settings;
  const { scenario, arrival } = settings;
  const usual: Partial<SimulationSettings> = {
    churn: 0,
    holdMs: 0,
    ...findScenario(scenario)?.defaults,
  };
  const flags = [
    scenario === DEFAULT_SCENARIO ? "" : `--scenario ${scenario}`,
    `--users ${users}`,
    rooms > 1 ? `--rooms ${rooms}` : "",
    `--room ${room}`,
    target.isLocal ? "" : `--url ${target.url}`,
    rate === undefined ? "" : `--rate ${rate}`,
    arrival === undefined || arrival === usual.arrival ? "" : `--arrival ${arrival.kind}`,
    arrival?.kind === "ramp" ? `--ramp ${arrival.rampMs}ms` : "",
    durationMs === usual.durationMs ? "" : `--duration ${durationMs}ms`,
    holdMs === usual.holdMs ? "" : `--hold ${holdMs}ms`,
    churn === usual.churn ? "" : `--churn ${churn}`,
    dropRatio === DEFAULT_DROP_RATIO ? "" : `--drop-ratio ${dropRatio}`,
    tester.count > 1 ? `--processes ${tester.count}` : "",
    ...slos.map(({ slo }) => `--slo '${slo}'`),
    `--seed ${seed}`,
    settings.media === undefined ? "" : mediaFlagsAgain(settings.media),
    settings.faults ?? "",
  ];
  return `deno task simulate ${flags.filter((flag) => flag !== "").join(" ")}`;
}
