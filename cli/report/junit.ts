/**
 * A run as JUnit XML: one testcase a check, as continuous integration shows it. `--junit FILE`.
 */
import type { Check } from "./checks.ts";
import type { SimulationReport } from "./simulation_report.ts";

/** Findings that stand in one failure. */
const MAX_FINDINGS = 50;

/** The XML document. */
export function junitOf(report: SimulationReport): string {
  const { checks, durationMs, startedAt, settings } = report;
  const name = `signalbox simulate: ${settings.users} users, ${settings.rooms} rooms, ` +
    `seed ${settings.seed}`;
  const extra = report.verdict === "verified" || report.verdict === "wrong"
    ? []
    : [`    <testcase classname="simulate" name="the run reaches its end" time="0">
      <error message="${escapeXml(report.verdict)}">${escapeXml(report.notes.join("\n"))}</error>
    </testcase>`];
  const cases = [...checks.map((check) => testcase(check, report)), ...extra];
  const totals = `tests="${cases.length}" failures="${countOf(checks, "failed")}" ` +
    `errors="${extra.length}" skipped="${countOf(checks, "not checked")}" ` +
    `time="${(durationMs / 1_000).toFixed(3)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="signalbox" ${totals}>
  <testsuite name="${escapeXml(name)}" ${totals} timestamp="${startedAt.slice(0, 19)}">
${cases.join("\n")}
  </testsuite>
</testsuites>
`;
}

function testcase(
  { rule, title, state, checked, failed }: Check,
  report: SimulationReport,
): string {
  const open = `    <testcase classname="simulate.${rule}" name="${
    escapeXml(`[${rule}] ${title}`)
  }" assertions="${checked}" time="0"`;
  switch (state) {
    case "passed":
      return `${open}/>`;
    case "not checked":
      return `${open}>\n      <skipped message="not checked"/>\n    </testcase>`;
    case "failed": {
      const lines = report.findings.filter((finding) => finding.rule === rule)
        .slice(0, MAX_FINDINGS)
        .map(({ userId, roomId, message, expected, seen }) =>
          `${userId} in room "${roomId}": ${message}; expected ${expected}; seen ${seen}`
        );
      return `${open}>\n      <failure message="${failed} wrong">${
        escapeXml(lines.join("\n"))
      }</failure>\n    </testcase>`;
    }
  }
}

function countOf(checks: readonly Check[], state: Check["state"]): number {
  return checks.filter((check) => check.state === state).length;
}

/** Text for XML 1.0, section 2.2: markup escaped, characters that XML cannot hold replaced. */
export function escapeXml(text: string): string {
  return text
    // deno-lint-ignore no-control-regex -- These are the characters that XML 1.0 forbids.
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "\uFFFD")
    .replace(/\p{Cs}/gu, "\uFFFD")
    .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;").replace(/\n/g, "&#10;");
}
