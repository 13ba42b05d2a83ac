/**
 * What a fuzz run came to, as text for people and as a document for programs.
 */
import { lineOf } from "../model/steps.ts";
import { counted, duration, megabytes, printable, thousands } from "../report/words.ts";
import type { Stream } from "../terminal.ts";
import type { Failure, FuzzSettings } from "./fuzz.ts";

/** The whole of a command's runs. */
export type FuzzReport = {
  readonly verdict: "held" | "broken" | "interrupted" | "unreachable";
  readonly exitCode: 0 | 1 | 3 | 130;
  readonly settings: FuzzSettings;
  readonly runs: number;
  readonly stepsTaken: number;
  readonly schedules: number;
  readonly inconclusive: number;
  readonly elapsedMs: number;
  /** How often each rule was seen to hold. */
  readonly checked: Readonly<Record<string, number>>;
  /** How far the server's heap has grown, where enough was seen of it. */
  readonly heapGrownBytes: number | undefined;
  readonly failure: (Failure & { readonly lines: readonly string[] }) | undefined;
  /** How to see it again. */
  readonly again: string;
  /** Why the run ended early. */
  readonly reason: string | undefined;
};

/** The steps of a failure in words. */
export function linesOf({ shrunk }: Failure, rooms: number): string[] {
  return shrunk.map((step) => printable(lineOf(step, rooms)));
}

/** The text for people. */
export function summarizeFuzz(report: FuzzReport, { style }: Stream): string {
  const { verdict, stepsTaken, elapsedMs, again, failure, reason } = report;
  const took = `${counted(stepsTaken, "step")} in ${duration(elapsedMs)}`;
  const repeat = `  Again: ${again}\n`;
  switch (verdict) {
    case "held":
      return `${rulesOf(report)}\n${style("green", "✔ HELD")}  ${took}${
        notesOf(report)
      }\n${repeat}`;
    case "broken":
      return `${broken(failure, reason, style)}\n${
        style("red", "✘ BROKEN")
      }  after ${took}\n${repeat}`;
    case "interrupted":
      return `${style("yellow", "■ INTERRUPTED")}  ${took}, nothing wrong in them\n${repeat}`;
    case "unreachable":
      return `${style("red", "✘ UNREACHABLE")}  ${reason}\n`;
  }
}

function broken(
  failure: FuzzReport["failure"],
  reason: string | undefined,
  style: Stream["style"],
): string {
  if (failure === undefined) return `  ${reason}`;
  const { violation: { rule, seenBy, expected, seen }, lines, found } = failure;
  const steps = lines.map((line, n) => `  ${`${n + 1}`.padStart(3)}  ${line}`);
  const shrunk = found.length === lines.length ? "" : `, shrunk from ${found.length}`;
  return [
    `${style("red", `  ✘ ${rule}`)}  seen by ${seenBy}`,
    `      expected  ${printable(expected)}`,
    `      seen      ${printable(seen)}`,
    "",
    `  ${counted(lines.length, "step")}${shrunk}:`,
    ...steps,
    "",
  ].join("\n");
}

/** How often each rule was seen to hold, in columns. */
function rulesOf({ checked }: FuzzReport): string {
  const cells = Object.entries(checked).sort(([a], [b]) => a < b ? -1 : 1)
    .map(([rule, count]) => `${rule.padEnd(4)}${thousands(count).padStart(8)}`);
  const rows: string[] = [];
  for (let from = 0; from < cells.length; from += 6) {
    rows.push(`  ${cells.slice(from, from + 6).join("   ")}`);
  }
  return `${rows.join("\n")}\n`;
}

function notesOf({ schedules, inconclusive, heapGrownBytes }: FuzzReport): string {
  const notes = [counted(schedules, "schedule")];
  if (inconclusive > 0) notes.push(`${inconclusive} inconclusive`);
  if (heapGrownBytes !== undefined) {
    notes.push(`heap ${megabytes(heapGrownBytes)} more than at first`);
  }
  return `, ${notes.join(", ")}`;
}
