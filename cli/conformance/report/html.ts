/**
 * A conformance run as one HTML file without anything from elsewhere: the verdict, what failed, and
 * every rule with how it was checked; readable on a phone. `--html FILE`.
 */
import { escapeHtml } from "../../report/html_text.ts";
import { counted, duration } from "../../report/words.ts";
import type { CheckResult } from "../verdict.ts";
import { bySection, type ConformanceReport } from "./conformance_report.ts";
import { HTML_STYLE } from "./html_style.ts";
import { MARKS } from "./matrix.ts";

const VERDICTS = { conforms: "Conforms", fails: "Fails", interrupted: "Interrupted" } as const;
/** The document. */
export function htmlOf(report: ConformanceReport): string {
  const { verdict, totals, durationMs, dialect, target, startedAt, checks } = report;
  const line = `${counted(totals.passed, "rule")} held, ${totals.failed + totals.error} broken, ` +
    `${totals["not applicable"]} not applicable, in ${duration(durationMs)}`;
  const facts = [
    ["server", target.isOwn ? `${target.url} (started by the run)` : target.url],
    ["dialect", dialect],
    ["started", startedAt],
  ].map(([name = "", value = ""]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`);
  const bad = checks.filter((check) => check.verdict === "failed" || check.verdict === "error");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${VERDICTS[verdict]}: Signalbox conformance</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<main>
<header class="${verdict}">
<p>Signalbox conformance</p>
<h1>${VERDICTS[verdict]}</h1>
<p>${escapeHtml(line)}</p>
</header>
${bad.length === 0 ? "" : failuresOf(bad)}
${bySection(checks).map(([section, ofSection]) => sectionOf(section, ofSection)).join("\n")}
<section><h2>Run</h2><dl class="facts">${facts.join("")}</dl></section>
</main>
</body>
</html>
`;
}

function failuresOf(checks: readonly CheckResult[]): string {
  const items = checks.map(({ id, title, expected, seen, reason, transcript }) => {
    const frames = transcript.map(({ atMs, who, way, text }) =>
      `${atMs} ms  ${who} ${way} ${text}`
    );
    const what = expected === undefined
      ? `<p>the checker broke: ${escapeHtml(reason ?? "")}</p>`
      : `<dl><dt>expected</dt><dd>${escapeHtml(expected)}</dd><dt>seen</dt><dd>${
        escapeHtml(seen ?? "")
      }</dd></dl>`;
    return `<li><h3><span class="rule">${escapeHtml(id)}</span> ${escapeHtml(title)}</h3>${what}` +
      `<pre>${escapeHtml(frames.join("\n"))}</pre></li>`;
  });
  return `<section><h2>${counted(checks.length, "failure")}</h2>
<ul class="findings">
${items.join("\n")}
</ul></section>`;
}

function sectionOf(section: string, checks: readonly CheckResult[]): string {
  return `<section><h2>${escapeHtml(section)}</h2>
${checks.map(ruleOf).join("\n")}
</section>`;
}

function ruleOf({ id, title, does, verdict, reason, notes, durationMs }: CheckResult): string {
  const more = [
    `The check ${does}; ${duration(durationMs)}.`,
    ...reason === undefined ? [] : [reason],
    ...notes.map((note) => `Left out: ${note}.`),
  ];
  return `<details class="${verdict.replace(" ", "-")}"><summary><span>${MARKS[verdict]}</span>` +
    `<span class="rule">${escapeHtml(id)}</span><span>${escapeHtml(title)}</span></summary>` +
    `${more.map((text) => `<p>${escapeHtml(text)}</p>`).join("")}</details>`;
}
