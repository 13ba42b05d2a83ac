/**
 * What a soak says: a line every few seconds, and the verdict. Pure; the command writes it.
 */
import { assertNever } from "../../src/base/mod.ts";
import { counted, printable, thousands } from "../../cli/report/words.ts";
import type { Stream } from "../../cli/terminal.ts";
import type { Counts } from "./ledger.ts";
import type { Sample } from "./sampler.ts";
import type { SoakReport } from "./soak.ts";
import type { SeriesVerdict } from "./verdict.ts";

/** The columns of a line, with their widths. */
const COLUMNS = [
  ["time", 7],
  ["users", 6],
  ["rooms", 6],
  ["RSS MB", 7],
  ["heap", 6],
  ["files", 6],
  ["stays", 6],
  ["timers", 7],
  ["drift ms", 9],
  ["msg/s", 7],
  ["joins", 8],
  ["drops", 7],
  ["resumed", 8],
  ["expired", 8],
] as const;

/** The line above the lines. */
export function heading(): string {
  return COLUMNS.map(([name, width]) => name.padStart(width)).join("");
}

/** One line; `before` is the sample of the line before it. Errors since then stand behind. */
export function lineOf(sample: Sample, before: Sample | undefined, counts: Counts): string {
  const seconds = (sample.atMs - (before?.atMs ?? 0)) / 1_000;
  const messages = sample.messages - (before?.messages ?? 0);
  const cells = [
    clockTime(sample.atMs),
    sample.connections,
    sample.rooms,
    sample.residentMb.toFixed(1),
    sample.heapMb.toFixed(1),
    sample.descriptors ?? "-",
    sample.stays,
    sample.timers,
    sample.driftMs.toFixed(1),
    thousands(messages / seconds),
    thousands(counts.joins),
    thousands(counts.drops),
    thousands(counts.resumed),
    thousands(counts.expired),
  ];
  const errors = Object.entries(sample.errors)
    .map(([code, count]) => ({ code, more: count - (before?.errors[code] ?? 0) }))
    .filter(({ more }) => more > 0)
    .map(({ code, more }) => `${code} ${more}`);
  const columns = COLUMNS.map(([, width], n) => `${cells[n]}`.padStart(width)).join("");
  return errors.length === 0 ? columns : `${columns}  ${errors.join(", ")}`;
}

/** The exit code of a run that came to an end, or was interrupted. */
export function exitCodeOf({ isInterrupted, series, surpriseCount }: SoakReport): 0 | 1 | 130 {
  if (isInterrupted) return 130;
  return surpriseCount > 0 || series.some(({ verdict }) => verdict === "grows") ? 1 : 0;
}

/** The verdict: what happened, each series, each surprise, and what it comes to. */
export function summarize(report: SoakReport, { style }: Pick<Stream, "style">): string {
  const { counts, messages, errors, series, settings } = report;
  const happened = [
    ...[`${thousands(messages)} messages`, `${thousands(counts.joins)} joins`],
    ...[counted(counts.drops, "drop"), `${thousands(counts.resumed)} resumed`],
    ...[
      `${thousands(counts.takeovers)} of them taken over`,
      `${thousands(counts.expired)} expired`,
    ],
    ...[counted(counts.meetings, "meeting"), `${counts.slowReaders} stopped readers`],
    `${counts.lagged} lagged`,
  ].join(", ");
  const provoked = Object.entries(errors).map(([code, count]) => `${code} ${thousands(count)}`);
  const lines = [
    "",
    `  ${happened}`,
    `  errors: ${provoked.join(", ") || "none"}`,
    "",
    style("dim", row(["", "start", "end", "an hour", "allowed"])),
    ...series.map((one) => `${row(cellsOf(one))}  ${styled(one, style)}`),
    "",
    ...report.surprises.map((text) => `${style("red", "✘")} ${printable(text)}`),
    verdictOf(report, style),
    `  Again: deno task soak --minutes ${settings.minutes} --users ${settings.users} ` +
    `--rooms ${settings.rooms} --seed ${settings.seed}`,
  ];
  return `${lines.join("\n")}\n`;
}

function verdictOf(report: SoakReport, style: Stream["style"]): string {
  const growing = report.series.filter(({ verdict }) => verdict === "grows").map(({ name }) =>
    name
  );
  const after = `after ${clockTime(report.elapsedMs)}, ${counted(report.cycles.length, "cycle")}`;
  const faults = [
    ...growing.length > 0 ? [`${growing.join(", ")} grew`] : [],
    ...report.surpriseCount > 0 ? [counted(report.surpriseCount, "surprise")] : [],
  ];
  const isEarly = report.isInterrupted ? " (interrupted)" : "";
  if (faults.length === 0 && report.series.every(({ verdict }) => verdict === "too few samples")) {
    return style("yellow", `? UNDECIDED${isEarly}  too few samples ${after}`);
  }
  if (faults.length > 0) return style("red", `✘ FAILED${isEarly}  ${faults.join("; ")} ${after}`);
  return style("green", `✔ HOLDS${isEarly}  nothing grows ${after}`);
}

function cellsOf(one: SeriesVerdict): string[] {
  const { name, unit, start, end, slopePerHour, tolerance } = one;
  const show = (value: number) => Number.isNaN(value) ? "-" : `${value.toFixed(1)} ${unit}`.trim();
  return [name, show(start), show(end), show(slopePerHour), show(tolerance)];
}

function row([name = "", ...cells]: readonly string[]): string {
  return `  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(12)).join("")}`;
}

function styled({ verdict }: SeriesVerdict, style: Stream["style"]): string {
  switch (verdict) {
    case "holds":
      return style("green", verdict);
    case "grows":
      return style("red", verdict);
    case "too few samples":
      return style("yellow", verdict);
    default:
      return assertNever(verdict);
  }
}

/** "19:05", or "2:19:05". */
function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const tail = `${seconds % 60}`.padStart(2, "0");
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${`${minutes}`.padStart(2, "0")}:${tail}`;
}
