/**
 * Whether the tester itself kept up, and how to run the same again, in HTML.
 */
import { escapeHtml } from "./html_text.ts";
import type { SimulationReport } from "./simulation_report.ts";
import { againCommand } from "./summary.ts";
import { duration, megabytes, thousands } from "./words.ts";

/** How late the tester was: what it measured contains that. */
export function testerSection({ tester, target }: SimulationReport): string {
  const verdict = tester.isSaturated
    ? `<p class="note">The tester itself was late: the times above include it. ${
      target.isLocal ? "Server and tester shared this machine." : "Its machine was busy."
    } A lower --rate gives the server's own.</p>`
    : "<p>The tester kept up: what it measured is the server's.</p>";
  return `${verdict}\n${
    facts([
      ["late at p99", duration(tester.lateP99Ms)],
      ["late at most", duration(tester.lateMaxMs)],
      ["memory", megabytes(tester.maxRssBytes)],
    ])
  }`;
}

/** Settings, seed, what was done, and the command that repeats it. */
export function runSection(report: SimulationReport): string {
  const { settings, target, counts, startedAt, phases } = report;
  return `<p>Again, with the same schedule:</p>
<pre tabindex="0"><code>${escapeHtml(againCommand(report))}</code></pre>
${
    facts([
      ["server", target.isLocal ? `${target.url} (started by the run)` : target.url],
      ["started", startedAt],
      ...settings.rate === undefined ? [["rate", "chosen by the run"] as [string, string]] : [],
      ...Object.entries(settings).map(([name, value]): [string, string] => [
        wordsOf(name),
        shown(name, value),
      ]),
      ["joins, returns", `${thousands(counts.joins)}, ${thousands(counts.returns)}`],
      ["chats", thousands(counts.chats)],
      ["leaves, drops", `${thousands(counts.leaves)}, ${thousands(counts.drops)}`],
      ["messages", `${thousands(counts.sent)} sent, ${thousands(counts.received)} received`],
      [
        "phases",
        phases.map(({ name, state, ms }) => `${name} ${state} ${duration(ms)}`).join(", "),
      ],
    ])
  }`;
}

function facts(rows: readonly (readonly [string, string])[]): string {
  const items = rows.map(([name, value]) =>
    `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`
  );
  return `<dl class="facts">${items.join("")}</dl>`;
}

/** `dropRatio` as "drop ratio", `holdMs` as "hold". */
function wordsOf(name: string): string {
  return name.replace(/Ms$/, "").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shown(name: string, value: unknown): string {
  if (typeof value === "number" && name.endsWith("Ms")) return duration(value);
  return typeof value === "object" ? JSON.stringify(value) : `${value}`;
}
