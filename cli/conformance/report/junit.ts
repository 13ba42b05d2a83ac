/**
 * A conformance run as JUnit XML: one testcase a rule. `--junit FILE`.
 */
import { escapeXml } from "../../report/junit.ts";
import type { CheckResult } from "../verdict.ts";
import type { ConformanceReport } from "./conformance_report.ts";

/** The XML document. */
export function junitOf(
  { checks, totals, dialect, durationMs, startedAt }: ConformanceReport,
): string {
  const counts = `tests="${checks.length}" failures="${totals.failed}" errors="${totals.error}" ` +
    `skipped="${totals["not applicable"]}" time="${(durationMs / 1_000).toFixed(3)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="signalbox" ${counts}>
  <testsuite name="conformance of ${escapeXml(dialect)}" ${counts} timestamp="${
    startedAt.slice(0, 19)
  }">
${checks.map(testcase).join("\n")}
  </testsuite>
</testsuites>
`;
}

function testcase(check: CheckResult): string {
  const { id, section, title, durationMs } = check;
  const open = `    <testcase classname="${escapeXml(`conformance.${section}`)}" name="${
    escapeXml(`[${id}] ${title}`)
  }" time="${(durationMs / 1_000).toFixed(3)}"`;
  const inside = outcomeOf(check);
  return inside === "" ? `${open}/>` : `${open}>\n      ${inside}\n    </testcase>`;
}

function outcomeOf({ verdict, expected, seen, reason, transcript }: CheckResult): string {
  const frames = transcript.map(({ atMs, who, way, text }) => `${atMs} ms ${who} ${way} ${text}`);
  switch (verdict) {
    case "passed":
      return "";
    case "not applicable":
      return `<skipped message="${escapeXml(reason ?? "")}"/>`;
    case "failed": {
      const message = `expected ${expected}; seen ${seen}`;
      return `<failure message="${escapeXml(message)}">${escapeXml(frames.join("\n"))}</failure>`;
    }
    case "error":
      return `<error message="the checker broke">${
        escapeXml([reason ?? "", ...frames].join("\n"))
      }</error>`;
  }
}
