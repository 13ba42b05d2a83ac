/** What counts as a difference, at which line, and what may come in another order. */
import assert from "node:assert/strict";
import { compare, type Replayed } from "../../../cli/replay/comparison.ts";
import type { ScriptedConnection } from "../../../cli/replay/script.ts";

type Message = Record<string, unknown>;

const chat = (from: string, text: string, messageId = "1"): Message => ({
  type: "chat",
  ...{ from, text, messageId, at: Math.random() },
});
const joined: Message = { type: "joined", userId: "ann", requestId: 1 };
const [a, b, c] = [chat("bob", "a", "1"), chat("bob", "b", "2"), chat("cid", "c", "3")];

Deno.test("compare finds nothing where the same came", () => {
  assert.deepEqual(compare([replayed([joined, a, b, c], [joined, { ...a, at: 7 }, b, c])]), []);
});

Deno.test("compare names the line of what did not come, and of what came in its place", () => {
  const missing = compare([replayed([joined, a, b], [joined, b])]);
  const changed = compare([replayed([joined, a, b], [joined, chat("bob", "x"), b])]);

  assert.deepEqual(places(missing), ["ann 20: a, nothing"]);
  assert.deepEqual(places(changed), ["ann 20: a, x"]);
});

Deno.test("compare names the line after which came what is in no capture", () => {
  assert.deepEqual(places(compare([replayed([joined, a, b], [joined, a, c, b])])), [
    "ann after 20: nothing, c",
  ]);
  assert.deepEqual(places(compare([replayed([joined, a], [joined, a, b])])), [
    "ann after 20: nothing, b",
  ]);
});

Deno.test("[OR3] compare finds that one sender's messages were swapped", () => {
  assert.equal(compare([replayed([joined, a, b], [joined, b, a])]).length, 2);
});

Deno.test("[OR1] compare takes another order of two senders, if all saw it", () => {
  const one = replayed([joined, b, c], [joined, c, b]);
  const other = replayed([joined, b, c], [joined, c, b], { user: "bob" });

  assert.deepEqual(compare([one, other]), []);
});

Deno.test("[OR1] compare finds that two saw another order each", () => {
  const one = replayed([joined, b, c], [joined, c, b]);
  const other = replayed([joined, b, c], [joined, b, c], { user: "bob" });

  assert.deepEqual(places(compare([one, other])), ["ann 20: b, c"]);
});

Deno.test("compare takes what was under way when a client dropped its connection, and no more", () => {
  const dropped = { endCode: 1006 };
  const leaved = { type: "leaved", requestId: 2 };

  assert.deepEqual(compare([replayed([joined, a], [joined, a, b], dropped)]), []);
  assert.equal(compare([replayed([joined, a], [joined, c, a], dropped)]).length, 1);
  assert.equal(compare([replayed([joined, a], [joined], dropped)]).length, 1);
  assert.equal(compare([replayed([joined, leaved], [joined, leaved, b], dropped)]).length, 1);
});

Deno.test("compare sorts by line over all connections", () => {
  const one = replayed([joined, a, b], [joined, a]);
  const other = replayed([joined, a, b], [a, b], { user: "bob" });

  assert.deepEqual(compare([one, other]).map(({ user, line }) => [user, line]), [
    ["bob", 10],
    ["ann", 30],
  ]);
});

/** A connection that was captured with lines 10, 20, 30 and so on. */
function replayed(
  expected: Message[],
  seen: Message[],
  { user = "ann", endCode }: { user?: string; endCode?: number } = {},
): Replayed {
  const place = { line: 1_000, atMs: 0, needs: new Map() };
  const connection: ScriptedConnection = {
    user,
    actions: endCode === undefined ? [] : [{ ...place, kind: "end", code: endCode }],
    received: expected.map((message, at) => ({ line: (at + 1) * 10, message })),
    isOpened: true,
  };
  return { connection, seen };
}

function places(differences: ReturnType<typeof compare>): string[] {
  const word = (message: unknown) => message === undefined ? "nothing" : (message as Message).text;
  return differences.map(({ user, line, isAfter, expected, seen }) =>
    `${user} ${isAfter ? "after " : ""}${line}: ${word(expected)}, ${word(seen)}`
  );
}
