/**
 * A conformance run on the terminal: what failed with its frames, then the matrix of all rules by
 * section, then the verdict. `commands/conformance.ts` prints it.
 */
import { counted, duration, printable } from "../../report/words.ts";
import type { Stream, Style } from "../../terminal.ts";
import type { CheckResult, Verdict } from "../verdict.ts";
import { bySection, type ConformanceReport } from "./conformance_report.ts";

/** How each verdict is marked. */
export const MARKS: Readonly<Record<Verdict, string>> = {
  passed: "✔",
  failed: "✘",
  "not applicable": "–",
  error: "!",
};
const COLOURS: Readonly<Record<Verdict, Style>> = {
  passed: "green",
  failed: "red",
  "not applicable": "yellow",
  error: "red",
};
/** Frames of a failure that are printed; the reports in files have more. */
const MAX_FRAMES = 8;
const SECTION_COLUMNS = 16;
const REASON_COLUMNS = 6;

/** The whole summary. */
export function summarize(report: ConformanceReport, stream: Stream): string {
  const parts = [
    ...report.checks.filter(isBad).map((check) => failureOf(check, stream)),
    matrixOf(report, stream),
    reasonsOf(report, stream),
    verdictLine(report, stream),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** The verdict in one line. */
export function verdictLine(report: ConformanceReport, { style }: Stream): string {
  const { totals, durationMs, verdict } = report;
  const numbers = `${totals.passed} passed, ${totals.failed} failed, ` +
    `${totals["not applicable"]} not applicable` +
    (totals.error > 0 ? `, ${counted(totals.error, "error")} of the checker` : "");
  const took = style("dim", `in ${duration(durationMs)}`);
  switch (verdict) {
    case "conforms":
      return `${style(["green", "bold"], "✔ CONFORMS")}  ${numbers} ${took}`;
    case "fails":
      return `${style(["red", "bold"], "✘ FAILS")}  ${numbers} ${took}`;
    case "interrupted":
      return `${style(["yellow", "bold"], "■ INTERRUPTED")}  ${numbers} until then ${took}`;
  }
}

function isBad({ verdict }: CheckResult): boolean {
  return verdict === "failed" || verdict === "error";
}

function failureOf(check: CheckResult, { style }: Stream): string {
  const { id, title, expected, seen, reason, transcript } = check;
  const dim = (text: string) => style("dim", text);
  const what = expected === undefined
    ? [`    ${dim("the checker broke")} ${printable(reason ?? "")}`]
    : [
      `    ${dim("expected")} ${printable(expected)}`,
      `    ${dim("seen    ")} ${printable(seen ?? "")}`,
    ];
  const frames = transcript.slice(-MAX_FRAMES).map(({ atMs, who, way, text }) =>
    dim(`    ${`${Math.round(atMs)}`.padStart(6)} ms  ${printable(`${who} ${way} ${text}`)}`)
  );
  return [`${style("red", MARKS[check.verdict])} ${style("bold", id)} ${title}`, ...what, ...frames]
    .join("\n");
}

/** Each rule with its mark, a line a section. */
function matrixOf({ checks }: ConformanceReport, { style }: Stream): string {
  return bySection(checks).map(([section, ofSection]) => {
    const cells = ofSection.map(({ id, verdict }) => {
      const mark = style(COLOURS[verdict], MARKS[verdict]);
      return `${mark} ${verdict === "passed" ? id : style(COLOURS[verdict], id)}`;
    });
    return `  ${style("dim", section.padEnd(SECTION_COLUMNS))}${cells.join("  ")}`;
  }).join("\n");
}

/** Why what was not checked was not. */
function reasonsOf({ checks }: ConformanceReport, { style }: Stream): string {
  const lines = checks.filter(({ verdict }) => verdict === "not applicable")
    .map(({ id, reason }) =>
      `  ${style("yellow", MARKS["not applicable"])} ${id.padEnd(REASON_COLUMNS)}` +
      style("dim", printable(reason ?? ""))
    );
  return lines.join("\n");
}
