/** JUnit reports of several runs as one, for those who give `--junit-path`. */

/** The totals, and the suites. */
const REPORT = /<testsuites ([^>]*)>\n?([^]*)<\/testsuites>/;

/** One report with the suites of all, in their order; a run that wrote none adds none. */
export function joinReports(reports: readonly string[]): string {
  const parts = reports.map((report) => REPORT.exec(report) ?? []);
  const total = (name: string) =>
    parts.reduce((sum, [, totals = ""]) => {
      return sum + Number(new RegExp(`\\b${name}="([\\d.]+)"`).exec(totals)?.[1] ?? 0);
    }, 0);
  const counts = ["tests", "failures", "errors"].map((name) => `${name}="${total(name)}"`);
  counts.push(`time="${total("time").toFixed(3)}"`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="deno test" ${counts.join(" ")}>\n`,
    ...parts.map(([, , suites = ""]) => suites),
    "</testsuites>\n",
  ].join("");
}
