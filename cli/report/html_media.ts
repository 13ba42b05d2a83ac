/**
 * What came of the media of a run, in HTML: what was sent, lost and repeated, and a row for each user
 * with how many of the others it got and how long their packets took.
 */
import { escapeHtml } from "./html_text.ts";
import { lossOf } from "./media_summary.ts";
import type { MediaReport, SimulationReport } from "./report_schema.ts";
import { counted, duration, thousands } from "./words.ts";

/** The section; empty when there were no media. */
export function mediaSection({ media }: SimulationReport): string {
  if (media === null) return "";
  const rows = media.delays.map(({ userId, p50, p99, max }) => {
    const own = media.pairs.filter(({ subscriber }) => subscriber === userId);
    const right = own.filter(({ verdict }) => verdict === "verified").length;
    const cells = [`${right} of ${own.length}`, ...[p50, p99, max].map(duration)];
    return `<tr><th scope="row">${escapeHtml(userId)}</th>${
      cells.map((cell) => `<td>${cell}</td>`).join("")
    }<td>${escapeHtml(badOf(own))}</td></tr>`;
  });
  return `<p>${counted(media.sent, "packet")} sent, ${
    thousands(media.received)
  } received and checked; ${lossOf(media)}.</p>
<div class="scroll" tabindex="0" role="region" aria-label="What each user got"><table>
<thead><tr><th scope="col">user</th><th scope="col">verified</th><th scope="col">p50</th>
<th scope="col">p99</th><th scope="col">max</th><th scope="col">not as it should be</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`;
}

/** Of whom a user gets nothing, or something wrong. */
function badOf(pairs: MediaReport["pairs"]): string {
  return (["missing", "wrong"] as const).flatMap((verdict) => {
    const named = pairs.filter((pair) => pair.verdict === verdict).map(({ publisher }) =>
      publisher
    );
    return named.length === 0 ? [] : [`${verdict}: ${named.join(", ")}`];
  }).join("; ");
}
