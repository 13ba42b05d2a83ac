/**
 * What came in a replay beside what was captured. Messages are compared by their normal form; what
 * different people did at the same time may come in another order, if it is one order for all who
 * were in the room. Pure.
 */
import { fieldsOf } from "../verify/mod.ts";
import { align } from "./alignment.ts";
import { laneOf, normalForm } from "./normal_form.ts";
import { endOf, type ScriptedConnection } from "./script.ts";

/** Where a replay differs. */
export type Difference = {
  readonly user: string;
  /** The line of the capture; with `isAfter`, what was seen came after it. */
  readonly line: number;
  readonly isAfter: boolean;
  /** What the capture has; undefined: nothing. */
  readonly expected: unknown;
  /** What came; undefined: nothing. */
  readonly seen: unknown;
};

/** A connection and what came on it, with the ids of the capture. */
export type Replayed = {
  readonly connection: ScriptedConnection;
  readonly seen: readonly unknown[];
};

type Item = { readonly message: unknown; readonly form: string; readonly position: number };

/** Every difference, in the order of the capture. */
export function compare(all: readonly Replayed[]): Difference[] {
  const differences = all.flatMap(differencesOf);
  if (differences.length === 0) differences.push(...orderDifferences(all));
  return differences.sort((a, b) => a.line - b.line);
}

/** Lane by lane, so that the order between lanes does not matter. */
function differencesOf({ connection, seen }: Replayed): Difference[] {
  const { received, user } = connection;
  const expectedLanes = lanesOf(received.map(({ message }) => message));
  const seenLanes = lanesOf(seen);
  const differences: Difference[] = [];
  const extras: { item: Item; afterPosition: number }[] = [];
  let lastMatched = -1;
  for (const lane of new Set([...expectedLanes.keys(), ...seenLanes.keys()])) {
    const expected = expectedLanes.get(lane) ?? [];
    const came = seenLanes.get(lane) ?? [];
    const pairs = align(expected.map(({ form }) => form), came.map(({ form }) => form));
    let before = -1;
    for (const pair of pairs) {
      const left = pair.expected === undefined ? undefined : expected[pair.expected];
      const right = pair.seen === undefined ? undefined : came[pair.seen];
      if (left !== undefined) before = left.position;
      if (left?.form === right?.form) lastMatched = Math.max(lastMatched, right!.position);
      else if (left === undefined) extras.push({ item: right!, afterPosition: before });
      else {
        const { line } = received[left.position]!;
        const found = right?.message;
        differences.push({ user, line, isAfter: false, expected: left.message, seen: found });
      }
    }
  }
  for (const { item, afterPosition } of extras) {
    // What was under way when the client dropped its connection is in no capture.
    if (isEndedInRoom(connection) && item.position > lastMatched) continue;
    const line = received[afterPosition]?.line ?? connection.actions[0]?.line ?? 0;
    const after = { user, line: Math.max(line, lineBefore(connection, item.position)) };
    differences.push({ ...after, isAfter: true, expected: undefined, seen: item.message });
  }
  return differences;
}

/** Of a message that came in surplus, the line of the message that was to come before it. */
function lineBefore({ received }: ScriptedConnection, position: number): number {
  return received[Math.min(position, received.length) - 1]?.line ?? 0;
}

function lanesOf(messages: readonly unknown[]): Map<string, Item[]> {
  const lanes = new Map<string, Item[]>();
  messages.forEach((message, position) => {
    const lane = laneOf(message);
    const item = { message, form: normalForm(message), position };
    const known = lanes.get(lane);
    if (known === undefined) lanes.set(lane, [item]);
    else known.push(item);
  });
  return lanes;
}

function isEndedInRoom(connection: ScriptedConnection): boolean {
  if (endOf(connection) === undefined) return false;
  const types = connection.received.map(({ message }) => fieldsOf(message)?.type);
  return types.lastIndexOf("joined") > types.lastIndexOf("leaved") ||
    types.includes("resumed");
}

/**
 * Everything came, but in another order: that is right where all connections of the replay still see
 * one order. A ring (one saw A before B, another B before A) is a difference for each that is in it.
 */
function orderDifferences(all: readonly Replayed[]): Difference[] {
  const moved = all.filter(({ connection, seen }) =>
    connection.received.some(({ message }, at) => normalForm(message) !== normalForm(seen[at]))
  );
  if (moved.length === 0) return [];
  const before = new Map<string, Set<string>>();
  for (const { seen } of all) {
    const events = seen.filter((message) => numberOf(message) !== undefined).map(normalFormForAll);
    for (let at = 1; at < events.length; at++) {
      const known = before.get(events[at]!) ?? new Set();
      before.set(events[at]!, known.add(events[at - 1]!));
    }
  }
  const inRings = leftover(before);
  if (inRings.size === 0) return [];
  return moved.flatMap(({ connection, seen }) => {
    const at = connection.received.findIndex(({ message }, index) =>
      normalForm(message) !== normalForm(seen[index])
    );
    const received = connection.received[at];
    if (received === undefined || !inRings.has(normalFormForAll(seen[at]))) return [];
    const { line, message } = received;
    return [{ user: connection.user, line, isAfter: false, expected: message, seen: seen[at] }];
  });
}

/** The events that cannot be put into one order: what is left when all others are taken away. */
function leftover(before: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const left = new Set(before.keys());
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (const event of left) {
      if ([...before.get(event)!].some((earlier) => left.has(earlier))) continue;
      left.delete(event);
      isMoving = true;
    }
  }
  return left;
}

/** What tells an event of a room from another of the same words; undefined where nothing does. */
function numberOf(message: unknown): unknown {
  const { type, messageId, participant } = fieldsOf(message) ?? {};
  return type === "user-joined" ? fieldsOf(participant)?.joinedAt : messageId;
}

/** The same event has one form for its sender and for the others. */
function normalFormForAll(message: unknown): string {
  const { requestId: _own, ...fields } = fieldsOf(message) ?? {};
  return `${numberOf(message)} ${normalForm(fields)}`;
}
