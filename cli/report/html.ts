/**
 * A run as one HTML file without anything from elsewhere: verdict, checks, findings, times, settings;
 * light or dark as the reader likes it, readable on a phone. `--html FILE`.
 */
import { HTML_STYLE } from "./html_style.ts";
import type { LatencySummary, SimulationReport } from "./simulation_report.ts";
import { counted, duration, megabytes, thousands } from "./words.ts";

const VERDICTS = {
  verified: "Verified",
  wrong: "Wrong",
  interrupted: "Interrupted",
  unreachable: "Unreachable",
} as const;

/** The document. */
export function htmlOf(report: SimulationReport): string {
  const { verdict, settings, counts, durationMs } = report;
  const line = `${counted(settings.users, "user")} in ${counted(settings.rooms, "room")}, ` +
    `${counted(counts.received, "message")} in ${duration(durationMs)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${VERDICTS[verdict]}: Signalbox simulation</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<main>
<header class="${verdict}">
<p>Signalbox simulation</p>
<h1>${VERDICTS[verdict]}</h1>
<p>${escapeHtml(line)}</p>
</header>
${findingsOf(report)}
<section><h2>Checks</h2>
<ul class="checks">
${report.checks.map(checkOf).join("\n")}
</ul></section>
<section><h2>Times</h2>
${latencyOf("Join", report.latency.join)}
${latencyOf("Broadcast", report.latency.broadcast)}
${throughputOf(report)}
</section>
<section><h2>Run</h2>
${factsOf(report)}
</section>
</main>
</body>
</html>
`;
}

function findingsOf({ findings, findingsTotal, notes }: SimulationReport): string {
  const remarks = notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join("\n");
  if (findingsTotal === 0) return remarks === "" ? "" : `<section>${remarks}</section>`;
  const items = findings.map(({ rule, userId, roomId, message, expected, seen }) =>
    `<li><h3><span class="rule">${escapeHtml(rule)}</span> ${escapeHtml(userId)} in room ` +
    `${escapeHtml(roomId)}</h3><p>${escapeHtml(message)}</p><dl><dt>expected</dt>` +
    `<dd>${escapeHtml(expected)}</dd><dt>seen</dt><dd>${escapeHtml(seen)}</dd></dl></li>`
  );
  return `<section><h2>${counted(findingsTotal, "finding")}</h2>${remarks}
<ul class="findings">
${items.join("\n")}
</ul></section>`;
}

function checkOf(
  { rule, title, state, checked, failed }: SimulationReport["checks"][number],
): string {
  const mark = { passed: "✔", failed: "✘", "not checked": "–" }[state];
  const count = state === "failed"
    ? `${thousands(failed)} wrong`
    : state === "passed"
    ? thousands(checked)
    : "not checked";
  return `<li class="${state.replace(" ", "-")}"><span>${mark}</span> <span class="rule">${
    escapeHtml(rule)
  }</span> <span>${escapeHtml(title)}</span> <b>${count}</b></li>`;
}

function latencyOf(name: string, { count, p50, p95, p99, max, shape }: LatencySummary): string {
  if (count === 0) return "";
  const top = Math.max(...shape.map((column) => column.count));
  const bars = shape.map((column, index) => {
    const height = column.count === 0 ? 0 : Math.max(2, (column.count / top) * 60);
    return `<rect x="${index * 10}" y="${(60 - height).toFixed(1)}" width="9" height="${
      height.toFixed(1)
    }"><title>up to ${duration(column.toMs)}: ${thousands(column.count)}</title></rect>`;
  });
  const from = duration(shape[0]?.toMs ?? 0);
  return `<figure><figcaption><b>${name}</b> p50 ${duration(p50)}, p95 ${duration(p95)}, p99 ${
    duration(p99)
  }, max ${duration(max)} <span>(${thousands(count)})</span></figcaption>
<svg viewBox="0 0 ${
    Math.max(1, shape.length) * 10
  } 60" preserveAspectRatio="none" role="img" aria-label="${name} times from ${from} to ${
    duration(max)
  }">${bars.join("")}</svg>
<p class="axis"><span>${from}</span><span>${duration(max)}</span></p></figure>`;
}

function throughputOf({ throughput, counts }: SimulationReport): string {
  if (throughput.length < 2) return "";
  const top = Math.max(...throughput, 1);
  const points = throughput.map((value, index) =>
    `${index},${(60 - (value / top) * 58).toFixed(1)}`
  );
  return `<figure><figcaption><b>Messages a second</b> mean ${
    thousands(counts.receivedPerSecond)
  }, top ${thousands(top)}</figcaption>
<svg viewBox="0 0 ${
    throughput.length - 1
  } 60" preserveAspectRatio="none" role="img" aria-label="Messages a second over the run">` +
    `<polyline points="${points.join(" ")}"/></svg></figure>`;
}

function factsOf(
  { settings, target, counts, tester, startedAt, phases }: SimulationReport,
): string {
  const facts: [string, string][] = [
    ["server", target.isLocal ? `${target.url} (started by the run)` : target.url],
    ["started", startedAt],
    ["seed", `${settings.seed}`],
    ["users, rooms", `${thousands(settings.users)} in ${thousands(settings.rooms)}`],
    ["room", settings.room],
    ["rate", settings.rate === undefined ? "chosen by the run" : `${settings.rate}/s`],
    ["hold, churn", `${duration(settings.holdMs)}, ${settings.churn}/s`],
    ["drop ratio", `${settings.dropRatio}`],
    ["joins, returns", `${thousands(counts.joins)}, ${thousands(counts.returns)}`],
    ["chats", thousands(counts.chats)],
    ["leaves, drops", `${thousands(counts.leaves)}, ${thousands(counts.drops)}`],
    ["tester late", `p99 ${duration(tester.lateP99Ms)}, max ${duration(tester.lateMaxMs)}`],
    ["tester memory", megabytes(tester.maxRssBytes)],
    ["phases", phases.map(({ name, state, ms }) => `${name} ${state} ${duration(ms)}`).join(", ")],
  ];
  const rows = facts.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`);
  return `<dl class="facts">${rows.join("")}</dl>`;
}

/** Text between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;").replace(/'/g, "&#39;");
}
