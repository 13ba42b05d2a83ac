/**
 * What was promised and whether it held, in HTML: findings with the messages around them, objectives,
 * checks.
 */
import type { TimelineRecord } from "../trace/timeline.ts";
import type { TracedMessage } from "../trace/traced_message.ts";
import { escapeHtml } from "./html_text.ts";
import { objectivesOf } from "./objectives.ts";
import type { SimulationReport } from "./simulation_report.ts";
import { counted, duration, thousands } from "./words.ts";

/** Findings that are shown; a broken server breaks every message, and `--json` holds them all. */
const MAX_SHOWN = 200;
const MARKS = { passed: "✔", failed: "✘", "not checked": "–" } as const;
const ARROWS = { sent: "→", received: "←", note: "·" } as const;
const WAYS = { sent: "sent", received: "received", note: "connection" } as const;

/** The findings and the remarks of the run; empty when there are none. */
export function findingsSection(
  { findings, findingsTotal, notes }: SimulationReport,
  timeline: TimelineRecord | undefined,
): string {
  const remarks = notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`);
  const items = findings.slice(0, MAX_SHOWN).map((finding, index) => {
    const { rule, userId, roomId, message, expected, seen } = finding;
    return `<li><h3><span class="rule">${escapeHtml(rule)}</span> ${escapeHtml(userId)} in room ` +
      `${escapeHtml(roomId)}</h3><p>${escapeHtml(message)}</p><dl><dt>expected</dt>` +
      `<dd>${escapeHtml(expected)}</dd><dt>seen</dt><dd>${escapeHtml(seen)}</dd></dl>` +
      `${contextOf(userId, timeline?.contexts[index] ?? [])}</li>`;
  });
  const more = findingsTotal - items.length;
  if (more > 0) {
    remarks.push(`<p class="note">${counted(more, "more finding")} not shown here.</p>`);
  }
  const list = items.length === 0 ? [] : [`<ul class="findings">\n${items.join("\n")}\n</ul>`];
  return [...remarks, ...list].join("\n");
}

function contextOf(userId: string, messages: readonly TracedMessage[]): string {
  if (messages.length === 0) return "";
  const rows = messages.map(({ at, direction, text }) =>
    `<li class="${direction}"><span>${duration(at)}</span> <span title="${
      WAYS[direction]
    }" role="img" aria-label="${WAYS[direction]}">${ARROWS[direction]}</span> <code>${
      escapeHtml(text)
    }</code></li>`
  );
  return `<details open><summary>What ${escapeHtml(userId)} sent and received around it</summary>` +
    `<ol class="context">${rows.join("")}</ol></details>`;
}

/** Objectives of the run; empty when it had none. */
export function slosSection(report: SimulationReport): string {
  const items = objectivesOf(report).map(({ expression, seen, isMet }) =>
    `<li class="${isMet ? "passed" : "failed"}"><span class="mark">${
      isMet ? MARKS.passed : MARKS.failed
    }</span> <span><code>${escapeHtml(expression)}</code> <small>${
      isMet ? "met" : "not met"
    }</small></span> <b>${escapeHtml(seen)}</b></li>`
  );
  return items.length === 0 ? "" : `<ul class="checks">\n${items.join("\n")}\n</ul>`;
}

/** Every rule with how often it was put to the test. */
export function checksSection({ checks }: SimulationReport): string {
  const items = checks.map(({ rule, title, state, checked, failed }) => {
    const count = state === "failed"
      ? `${thousands(failed)} wrong`
      : state === "passed"
      ? thousands(checked)
      : "not checked";
    return `<li class="${state.replace(" ", "-")}"><span class="mark">${MARKS[state]}</span> ` +
      `<span><span class="rule">${escapeHtml(rule)}</span> ${escapeHtml(title)}</span> ` +
      `<b>${count}</b></li>`;
  });
  return `<ul class="checks">\n${items.join("\n")}\n</ul>`;
}
