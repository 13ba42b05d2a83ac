/**
 * A run as JUnit XML: one testcase a check or objective, as continuous integration shows it. `--junit FILE`.
 */
import type { Check } from "./checks.ts";
import { type Objective, objectivesOf } from "./objectives.ts";
import type { SimulationReport } from "./simulation_report.ts";
import { againCommand } from "./summary.ts";

/** Findings that stand in one failure. */
const MAX_FINDINGS = 50;

/** The XML document: what Jenkins' and Surefire's schemas allow, in their order. */
export function junitOf(report: SimulationReport): string {
  const { checks, durationMs, startedAt, settings, notes } = report;
  const name = `signalbox simulate: ${settings.users} users, ${settings.rooms} rooms, ` +
    `seed ${settings.seed}`;
  const objectives = objectivesOf(report);
  const extra = report.verdict === "verified" || report.verdict === "wrong"
    ? []
    : [`    <testcase classname="simulate" name="the run reaches its end" time="0">
      <error type="${report.verdict}" message="${report.verdict}">${
      escapeXml(notes.join("\n"))
    }</error>
    </testcase>`];
  const cases = [
    ...checks.map((check) => testcase(check, report)),
    ...objectives.map(objectiveCase),
    ...extra,
  ];
  const failures = countOf(checks, "failed") + objectives.filter(({ isMet }) => !isMet).length;
  const totals = `tests="${cases.length}" failures="${failures}" errors="${extra.length}" ` +
    `time="${(durationMs / 1_000).toFixed(3)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="signalbox" ${totals}>
  <testsuite name="${escapeXml(name)}" ${totals} skipped="${
    countOf(checks, "not checked")
  }" timestamp="${startedAt.slice(0, 19)}" hostname="localhost">
    <properties>
${propertiesOf(report).join("\n")}
    </properties>
${cases.join("\n")}
    <system-out>${escapeXml(againCommand(report))}</system-out>
    <system-err>${escapeXml(notes.join("\n"))}</system-err>
  </testsuite>
</testsuites>
`;
}

/** Settings and what was measured with: what one compares runs by. */
function propertiesOf({ settings, target, tester, verdict }: SimulationReport): string[] {
  const properties = {
    verdict,
    url: target.url,
    ...settings,
    testerLateP99Ms: tester.lateP99Ms,
    testerIsSaturated: tester.isSaturated,
  };
  return Object.entries(properties).filter(([, value]) => value !== undefined).map(
    ([name, value]) => {
      const text = typeof value === "object" ? JSON.stringify(value) : `${value}`;
      return `      <property name="${escapeXml(name)}" value="${escapeXml(text)}"/>`;
    },
  );
}

function objectiveCase({ kind, expression, seen, isMet }: Objective): string {
  const open = `    <testcase classname="simulate.${kind}" name="${
    escapeXml(expression)
  }" time="0"`;
  if (isMet) return `${open}/>`;
  const message = kind === "slo" ? `measured ${seen}` : seen;
  return `${open}>\n      <failure type="${kind}" message="${
    escapeXml(message)
  }"/>\n    </testcase>`;
}

function testcase(
  { rule, title, state, checked, failed }: Check,
  report: SimulationReport,
): string {
  const open = `    <testcase classname="simulate.${escapeXml(rule)}" name="${
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
      return `${open}>\n      <failure type="${escapeXml(rule)}" message="${failed} wrong">${
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
