/**
 * A run as one HTML file without anything from elsewhere: verdict, findings with the messages around
 * them, checks, times, who sent what, settings. Light or dark as the reader likes it, readable on a
 * phone, on paper and without its script. Its own policy allows that script and that style alone.
 * `--html FILE`.
 */
import { createHash } from "node:crypto";
import type { TimelineRecord } from "../trace/timeline.ts";
import { checksSection, findingsSection, slosSection } from "./html_verdict.ts";
import { mediaSection } from "./html_media.ts";
import { runSection, testerSection } from "./html_run.ts";
import { sequenceSection } from "./html_sequence.ts";
import { escapeHtml } from "./html_text.ts";
import { latencySection, throughputSection } from "./html_times.ts";
import { waterfallSection } from "./html_waterfall.ts";
import printStyle from "./print.css" with { type: "text" };
import sequenceStyle from "./sequence.css" with { type: "text" };
import script from "./sequence_script.js" with { type: "text" };
import type { SimulationReport } from "./simulation_report.ts";
import commonStyle from "./style.css" with { type: "text" };
import { counted, duration } from "./words.ts";

/** What is printed comes last: it overrules the others. */
const style = [commonStyle, sequenceStyle, printStyle].join("\n");
const VERDICTS = {
  verified: "Verified",
  wrong: "Wrong",
  interrupted: "Interrupted",
  unreachable: "Unreachable",
} as const;

/** A part of the document; an empty one is left out. */
type Section = { readonly id: string; readonly title: string; readonly body: string };

/** The document; without a timeline it tells nothing of single messages. */
export function htmlOf(report: SimulationReport, timeline?: TimelineRecord): string {
  const { verdict, settings, counts, durationMs } = report;
  const line = `${counted(settings.users, "user")} in ${counted(settings.rooms, "room")}, ` +
    `${counted(counts.received, "message")} in ${duration(durationMs)}`;
  const sections = sectionsOf(report, timeline).filter(({ body }) => body !== "");
  const links = sections.map(({ id, title }) => `<a href="#${id}">${title}</a>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${VERDICTS[verdict]}: Signalbox simulation</title>
<style>${style}</style>
</head>
<body>
<header class="${verdict}">
<p>Signalbox simulation</p>
<h1>${VERDICTS[verdict]}</h1>
<p>${escapeHtml(line)}</p>
</header>
<nav aria-label="Sections">${links.join("\n")}</nav>
<main>
${
    sections.map(({ id, title, body }) =>
      `<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${title}</h2>\n` +
      `${body}\n</section>`
    ).join("\n")
  }
</main>
<script>${script}</script>
</body>
</html>
`;
}

function sectionsOf(report: SimulationReport, timeline: TimelineRecord | undefined): Section[] {
  const findings = counted(report.findingsTotal, "finding");
  return [
    { id: "findings", title: findings, body: findingsSection(report, timeline) },
    { id: "slos", title: "Objectives", body: slosSection(report) },
    { id: "checks", title: "Checks", body: checksSection(report) },
    { id: "latency", title: "Latency", body: latencySection(report) },
    { id: "media", title: "Media", body: mediaSection(report) },
    { id: "throughput", title: "Throughput", body: throughputSection(report) },
    { id: "messages", title: "Messages", body: sequenceSection(timeline) },
    { id: "users", title: "Users", body: waterfallSection(timeline) },
    { id: "tester", title: "Tester", body: testerSection(report) },
    { id: "run", title: "Run", body: runSection(report) },
  ];
}

/** Allows the one style and the one script above, by what they are. */
function policy(): string {
  return `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; ` +
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
