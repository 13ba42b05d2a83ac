/**
 * The end of a run on the terminal: the verdict, what was checked and how often, what is wrong, how
 * fast it was. `commands/simulate.ts` prints it.
 */
import type { Stream } from "../terminal.ts";
import type { LatencySummary, SimulationReport } from "./simulation_report.ts";
import { DEFAULT_DROP_RATIO } from "../scenarios/settings.ts";
import { counted, duration, megabytes, printable, sparkline, thousands } from "./words.ts";

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
      return `${style(["green", "bold"], "✔ VERIFIED")}  ${who}, ${messages} ${took}`;
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
  const { latency, counts, tester, throughput } = report;
  const { style } = stream;
  const head = ["p50", "p95", "p99", "max"].map((name) => name.padStart(9)).join("");
  return [
    style("dim", `  ${"".padEnd(10)}${head}`),
    latencyLine("join", latency.join, stream),
    latencyLine("broadcast", latency.broadcast, stream),
    "",
    `  ${"messages".padEnd(10)}${`${thousands(counts.receivedPerSecond)}/s`.padStart(9)}` +
    `  ${style("cyan", sparkline(throughput, RATE_COLUMNS))}`,
    `  ${"users".padEnd(10)}${thousands(counts.joins + counts.returns).padStart(9)} joins, ` +
    `${thousands(counts.chats)} chats, ${thousands(counts.leaves)} leaves, ` +
    `${thousands(counts.drops)} drops` +
    (counts.returns > 0 ? `, ${thousands(counts.returns)} returns` : ""),
    `  ${"tester".padEnd(10)}${duration(tester.lateP99Ms).padStart(9)} late at p99, ` +
    `${megabytes(tester.maxRssBytes)} resident`,
  ];
}

function latencyLine(name: string, latency: LatencySummary, { style }: Stream): string {
  const { p50, p95, p99, max, count, shape } = latency;
  if (count === 0) return `  ${name.padEnd(10)}${style("dim", "     none")}`;
  const figures = [p50, p95, p99, max].map((ms) => duration(ms).padStart(9)).join("");
  const drawn = sparkline(shape.map((column) => column.count), SHAPE_COLUMNS);
  return `  ${name.padEnd(10)}${figures}  ${style("cyan", drawn)}`;
}

function remarks({ tester, notes, target }: SimulationReport, { style }: Stream): string[] {
  const lines = notes.map((note) => `${style("yellow", "!")} ${printable(note)}`);
  if (tester.isSaturated) {
    const where = target.isLocal ? "server and tester share this machine" : "this machine is busy";
    lines.push(
      `${style("yellow", "!")} The tester itself was late (p99 ${duration(tester.lateP99Ms)}; ` +
        `${where}): the times above include it. A lower --rate gives the server's own.`,
    );
  }
  return lines;
}

function againLine({ settings, target }: SimulationReport, { style }: Stream): string {
  const { users, rooms, room, rate, durationMs, holdMs, churn, dropRatio, seed } = settings;
  const flags = [
    `--users ${users}`,
    rooms > 1 ? `--rooms ${rooms}` : "",
    `--room ${room}`,
    target.isLocal ? "" : `--url ${target.url}`,
    rate === undefined ? "" : `--rate ${rate}`,
    durationMs === undefined ? "" : `--duration ${durationMs}ms`,
    holdMs === 0 ? "" : `--hold ${holdMs}ms`,
    churn === 0 ? "" : `--churn ${churn}`,
    dropRatio === DEFAULT_DROP_RATIO ? "" : `--drop-ratio ${dropRatio}`,
    `--seed ${seed}`,
    settings.faults ?? "",
  ];
  const given = flags.filter((flag) => flag !== "").join(" ");
  return style("dim", `  Again: deno task simulate ${given}`);
}
