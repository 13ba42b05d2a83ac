/**
 * Who sent what to whom, in HTML: the controls of the diagram, its data as JSON, and a short drawing of
 * the beginning for paper and for readers without scripts. `sequence_script.js` draws the rest.
 */
import type { FollowedUser, TimelineRecord } from "../trace/timeline.ts";
import type { TracedMessage } from "../trace/traced_message.ts";
import { escapeHtml, escapeJson } from "./html_text.ts";
import { counted, duration, thousands } from "./words.ts";

/** What the static drawing shows: a page of paper. */
const STATIC = { users: 6, messages: 60 };
const ROW = 18;
const COLUMN = 110;
const LEFT = 110;
const TOP = 24;

/** A message and whose it is. */
type Line = TracedMessage & { readonly user: number };

/** The diagram; empty without messages. */
export function sequenceSection(timeline: TimelineRecord | undefined): string {
  const lines = linesOf(timeline?.users ?? []);
  if (timeline === undefined || lines.length === 0) return "";
  return `<p class="soft">${escapeHtml(scopeOf(timeline, lines.length))}</p>
<div class="dynamic" id="sequence">
<div class="controls">
<details><summary>Users: <span data-count="users">all</span></summary>
<fieldset data-filter="users"><legend>Users to show</legend></fieldset></details>
<details><summary>Types: <span data-count="types">all</span></summary>
<fieldset data-filter="types"><legend>Types to show</legend></fieldset></details>
<button type="button" data-zoom="out" aria-label="Smaller">−</button>
<button type="button" data-zoom="in" aria-label="Larger">+</button>
<span data-shown role="status"></span>
</div>
<div class="view" tabindex="0" role="group" aria-describedby="sequence-keys"
aria-label="Messages in order of time"><div class="space"><svg aria-hidden="true"></svg></div></div>
<p class="soft" id="sequence-keys">Click a message to see it, or go with the arrow keys up and down;
drag or scroll to move, + and − for the size.</p>
<div class="message"><div class="controls">
<button type="button" data-go="-1">Previous</button> <button type="button" data-go="1">Next</button>
</div><div data-message aria-live="polite"></div></div>
</div>
<div class="static">${staticDrawing(timeline.users, lines)}</div>
<script type="application/json" id="sequence-data">${escapeJson(dataOf(timeline, lines))}</script>`;
}

function linesOf(users: readonly FollowedUser[]): Line[] {
  return users.flatMap(({ messages }, user) => messages.map((message) => ({ ...message, user })))
    .sort((one, other) => one.at - other.at);
}

/** What is shown and what is not. */
function scopeOf({ users, usersLeftOut }: TimelineRecord, count: number): string {
  const leftOut = users.reduce((sum, user) => sum + user.leftOut, 0);
  const gaps = [
    usersLeftOut > 0 ? counted(usersLeftOut, "more user") : "",
    leftOut > 0 ? `${counted(leftOut, "message")} from the middle of the run` : "",
  ].filter((text) => text !== "");
  const shown = `${thousands(count)} steps of ${counted(users.length, "user")}.`;
  return gaps.length === 0
    ? `${shown} Nothing is left out.`
    : `${shown} Left out: ${gaps.join(", and ")}.`;
}

/** The same text often reaches many: each stands once. */
function dataOf({ users }: TimelineRecord, lines: readonly Line[]): unknown {
  const types = new Map<string, number>();
  const texts = new Map<string, number>();
  const indexIn = (map: Map<string, number>, key: string) => {
    const known = map.get(key) ?? map.size;
    map.set(key, known);
    return known;
  };
  const messages = lines.map(({ at, user, direction, type, text }) => [
    Math.round(at * 1_000) / 1_000,
    user,
    ["sent", "received", "note"].indexOf(direction),
    indexIn(types, direction === "note" ? "(connection)" : type),
    indexIn(texts, text),
  ]);
  return {
    users: users.map(({ userId }) => userId),
    types: [...types.keys()],
    texts: [...texts.keys()],
    messages,
  };
}

function staticDrawing(users: readonly FollowedUser[], lines: readonly Line[]): string {
  const names = users.slice(0, STATIC.users).map(({ userId }) => userId);
  const rows = lines.filter(({ user }) => user < names.length).slice(0, STATIC.messages);
  const width = LEFT + COLUMN * (names.length + 0.5);
  const height = TOP + ROW * (rows.length + 1);
  const heads = ["server", ...names].map((name, index) => {
    const x = xOf(index - 1);
    return `<text class="head" x="${x}" y="14">${escapeHtml(name.slice(0, 14))}</text>` +
      `<line class="life" x1="${x}" y1="${TOP}" x2="${x}" y2="${height}"/>`;
  });
  return `<p class="soft">The first ${counted(rows.length, "step")} of ${
    counted(names.length, "user")
  }:</p>
<div class="scroll" tabindex="0" role="region" aria-label="The first messages">
<svg viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="Messages between ${
    counted(names.length, "user")
  } and the server">${heads.join("")}${rows.map(rowOf).join("")}</svg></div>`;
}

function rowOf({ at, user, direction, type }: Line, index: number): string {
  const y = TOP + ROW * (index + 1);
  const [server, end] = [xOf(-1), xOf(user)];
  const label = `<text x="${end - 8}" y="${y - 3}">${escapeHtml(type)}</text>`;
  const time = `<text class="time" x="4" y="${y - 3}">${duration(at)}</text>`;
  if (direction === "note") return time + label;
  const [tip, back] = direction === "sent" ? [server, server + 6] : [end, end - 6];
  return `${time}${label}<line class="${direction}" x1="${server}" y1="${y}" x2="${end}" y2="${y}"/>` +
    `<polygon class="${direction}" points="${tip},${y} ${back},${y - 3} ${back},${y + 3}"/>`;
}

function xOf(user: number): number {
  return LEFT + COLUMN * (user + 1);
}
