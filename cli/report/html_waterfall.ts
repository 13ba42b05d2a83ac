/**
 * The way of each followed user, in HTML: asking for the connection, the greeting, the join, the first
 * thing heard of others, the end; as a bar on the time of the run, and in figures.
 */
import type { FollowedUser, TimelineRecord } from "../trace/timeline.ts";
import type { Milestones } from "../trace/user_timeline.ts";
import { escapeHtml } from "./html_text.ts";
import { counted, duration } from "./words.ts";

const WIDTH = 600;
/** The steps in their order, and what they are called. */
const STEPS: readonly (readonly [keyof Milestones, string])[] = [
  ["connecting", "connecting"],
  ["open", "open"],
  ["welcome", "welcome"],
  ["joinSent", "join sent"],
  ["joined", "joined"],
  ["firstBroadcast", "first broadcast"],
  ["leave", "leave"],
  ["end", "end"],
];
/** What a piece of a bar stands for: from a step to the next that happened. */
const PIECES: Readonly<Partial<Record<keyof Milestones, string>>> = {
  connecting: "handshake",
  open: "greeting",
  welcome: "waiting to join",
  joinSent: "joining",
  joined: "in the room",
  firstBroadcast: "in the room, hearing others",
  leave: "leaving",
};

/** One bar a user, twice: the way in at its own scale, and the whole stay. */
export function waterfallSection(timeline: TimelineRecord | undefined): string {
  const users = timeline?.users.filter(({ milestones }) => milestones.connecting !== undefined) ??
    [];
  if (timeline === undefined || users.length === 0) return "";
  const wayIn = Math.max(...users.map(({ milestones }) => lastOf(milestones, 6)), 0.001);
  const whole = Math.max(...users.map(({ milestones }) => lastOf(milestones, 8)), 0.001);
  const legend = Object.entries(PIECES).map(([step, name]) => `<li class="${step}">${name}</li>`);
  const more = timeline.usersLeftOut > 0
    ? `<p class="note">${counted(timeline.usersLeftOut, "more user")} left out.</p>`
    : "";
  return `<p class="soft">Above: until the first broadcast, from 0 to ${duration(wayIn)}. Below: the
whole run, from 0 to ${duration(whole)}.</p>
<ul class="legend">${legend.join("")}</ul>
<ol class="users">
${users.map((user) => rowOf(user, { wayIn, whole })).join("\n")}
</ol>${more}`;
}

function rowOf(
  { userId, milestones }: FollowedUser,
  scale: { wayIn: number; whole: number },
): string {
  const figures = STEPS.flatMap(([step, name]) => {
    const at = milestones[step];
    return at === undefined ? [] : [`<li>${name} <b>${duration(at)}</b></li>`];
  });
  return `<li><h3>${escapeHtml(userId)}</h3>
<svg viewBox="0 0 ${WIDTH} 20" preserveAspectRatio="none" role="img" aria-label="${
    escapeHtml(`The way of ${userId}`)
  }">${pieces(milestones, { y: 0, scale: scale.wayIn, steps: 6 })}${
    pieces(milestones, { y: 12, scale: scale.whole, steps: 8 })
  }</svg>
<ul class="steps">${figures.join("")}</ul></li>`;
}

/** The pieces between the first `steps` steps, from `y` down; a piece is at least visible. */
function pieces(
  milestones: Readonly<Milestones>,
  { y, scale, steps }: { y: number; scale: number; steps: number },
): string {
  const known = STEPS.slice(0, steps).flatMap(([step]) => {
    const at = milestones[step];
    return at === undefined ? [] : [{ step, at }];
  });
  return known.slice(0, -1).map(({ step, at }, index) => {
    const until = Math.max(at, known[index + 1]!.at);
    const x = at / scale * WIDTH;
    const width = Math.max(1, (until - at) / scale * WIDTH);
    return `<rect class="${step}" x="${x.toFixed(1)}" y="${y}" width="${
      width.toFixed(1)
    }" height="8"><title>${PIECES[step] ?? step} ${duration(until - at)}</title></rect>`;
  }).join("");
}

function lastOf(milestones: Readonly<Milestones>, steps: number): number {
  return Math.max(0, ...STEPS.slice(0, steps).map(([step]) => milestones[step] ?? 0));
}
