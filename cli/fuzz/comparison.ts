/**
 * Compares what one connection heard in a step with what the model expected, and names the rule that
 * is broken where they differ. Pure.
 */
import { FRAME } from "../model/frames.ts";
import { Bindings, type Message, misfit } from "../model/pattern.ts";
import type { Expected } from "../model/state.ts";

/** Where two lists part. */
export type Difference = {
  readonly rule: string;
  readonly expected: string;
  readonly seen: string;
};

/** How far the lists agree, and where they part, if they do. */
export type Comparison = {
  readonly matched: readonly Expected[];
  readonly difference: Difference | undefined;
};

/** The rule that a message of a type is told by, where nothing else says more. */
const RULES: Readonly<Record<string, string>> = {
  "welcome": "CO2",
  "joined": "JO2",
  "user-joined": "JO3",
  "user-left": "LE3",
  "leaved": "LE2",
  "resumed": "RE4",
  "chat": "CH1",
  "data": "DA1",
  "offer": "RL1",
  "answer": "RL1",
  "ice-candidate": "RL1",
  "participant-updated": "ST1",
  "mute": "MU1",
  "knock": "LB3",
  "knock-ended": "LB6",
  "waiting": "LB2",
  "host-changed": "HO3",
  "room-updated": "LK2",
  "room-created": "CR1",
  "relay-started": "FR2",
  "relay-wanted": "FR4",
  [FRAME]: "FR6",
  "error": "ER1",
  "ok": "ME4",
  "pong": "PI1",
};
/** Messages that speak of what happens in a room. */
const OF_A_ROOM = new Set([
  ...["user-joined", "user-left", "chat", "data", "offer", "answer", "ice-candidate"],
  ...[FRAME, "relay-wanted"],
  ...["participant-updated", "mute", "knock", "knock-ended", "host-changed", "room-updated"],
]);
const MAX_SHOWN = 300;

/** Compares; `isInRoom` says whether the connection sat in a room before or after. */
export function compare(
  expected: readonly Expected[],
  seen: readonly Message[],
  { bindings, isInRoom }: { bindings: Bindings; isInRoom: boolean },
): Comparison {
  const wanted = adapt(expected, seen);
  for (let n = 0; n < Math.max(wanted.length, seen.length); n++) {
    const one = wanted[n];
    const other = seen[n];
    const path = one === undefined || other === undefined
      ? ""
      : misfit(one.message, other, bindings);
    if (path === undefined) continue;
    const matched = wanted.slice(0, n);
    const context = { wanted: wanted.slice(n), seen: seen.slice(n), matched, bindings, isInRoom };
    return { matched, difference: explain(context, path) };
  }
  return { matched: wanted, difference: undefined };
}

/** A snapshot stands for what was missed; without one, what was missed follows (rules RE4, RE5). */
function adapt(expected: readonly Expected[], seen: readonly Message[]): readonly Expected[] {
  if (!expected.some(({ message }) => message.type === "resumed")) return expected;
  const resumed = seen.find(({ type }) => type === "resumed");
  if (resumed?.snapshot !== undefined) return expected.filter(({ isReplay }) => isReplay !== true);
  return expected.map((one) => {
    if (one.message.type !== "resumed") return one;
    const { snapshot: _snapshot, ...message } = one.message;
    return { ...one, message };
  });
}

type Context = {
  wanted: readonly Expected[];
  seen: readonly Message[];
  matched: readonly Expected[];
  bindings: Bindings;
  isInRoom: boolean;
};

function explain({ wanted, seen, matched, bindings, isInRoom }: Context, path: string): Difference {
  const [next] = wanted;
  const [first] = seen;
  const fits = (one: Expected, message: Message) =>
    misfit(one.message, message, new Bindings(bindings)) === undefined;
  if (first === undefined) return missing(next!);
  const isAgain = matched.some((one) => fits(one, first));
  const extra = {
    rule: !isInRoom && OF_A_ROOM.has(`${first.type}`) ? "OR2" : RULES[`${first.type}`] ?? "ME1",
    expected: isAgain ? "it once" : "no such message",
    seen: show(first),
  };
  if (next === undefined) return extra;
  const isLater = wanted.some((one) => fits(one, first));
  const comes = seen.some((message) => fits(next, message));
  if (isLater && comes) {
    const isOneSender = first.from !== undefined && first.from === next.message.from;
    return {
      rule: isOneSender ? "OR3" : "OR1",
      expected: `first ${show(next.message)}`,
      seen: show(first),
    };
  }
  if (isLater) return missing(next);
  if (comes || isAgain || first.type !== next.message.type) {
    return comes || isAgain ? extra : { ...missing(next), seen: show(first) };
  }
  return {
    rule: ruleOf(next, path),
    expected: show(next.message),
    seen: `${show(first)} (${path})`,
  };
}

function missing({ rule, message }: Expected): Difference {
  const isReply = message.requestId !== undefined;
  return { rule: isReply ? "ME4" : rule, expected: show(message), seen: "nothing" };
}

/** A wrong field may break a rule of its own. */
function ruleOf({ rule, message: { type } }: Expected, path: string): string {
  if (path === "requestId") return "ME4";
  if (path === "messageId") return "CH3";
  if (path === "reason") return "LE4";
  if (path === "from") return "RL4";
  const isRoster = type === "joined" || type === "resumed";
  if (isRoster && /\.state\b/.test(path)) return "ST2";
  if (isRoster && /\.connected$/.test(path)) return "RE3";
  if (/\.host$/.test(path)) return "HO1";
  return rule;
}

function show(message: Message): string {
  const text = JSON.stringify(
    message,
    (_key, value) =>
      typeof value === "object" && value !== null && "hole" in value ? wordsOf(value) : value,
  );
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}...`;
}

function wordsOf(hole: { hole: string; values?: string[] }): string {
  return `<${hole.values?.join(" or ") ?? hole.hole}>`;
}
