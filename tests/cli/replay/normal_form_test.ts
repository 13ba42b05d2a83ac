/** What two runs may differ in, and what not. */
import assert from "node:assert/strict";
import { laneOf, normalForm } from "../../../cli/replay/normal_form.ts";

const same: readonly [one: object, other: object][] = [
  [{ type: "chat", text: "x", at: 1, messageId: "1" }, {
    messageId: "9",
    at: 2,
    text: "x",
    type: "chat",
  }],
  [{ type: "ok", seq: 4, requestId: 1 }, { type: "ok", requestId: 1 }],
  [{ type: "error", code: "a", message: "x" }, { type: "error", code: "a", message: "y" }],
  [{ type: "welcome", limits: { a: 1 }, connectionId: "a" }, { type: "welcome", limits: {} }],
  [{ participants: [{ userId: "a", joinedAt: 1 }] }, {
    participants: [{ userId: "a", joinedAt: 2 }],
  }],
];
const different: readonly [one: unknown, other: unknown][] = [
  [{ type: "chat", text: "x" }, { type: "chat", text: "y" }],
  [{ type: "error", code: "a" }, { type: "error", code: "b" }],
  [{ type: "data", payload: { at: 1 } }, { type: "data", payload: { at: 2 } }],
  [{ type: "joined", users: ["a", "b"] }, { type: "joined", users: ["b", "a"] }],
  [{ type: "ok", requestId: 1 }, { type: "ok", requestId: 2 }],
  [{ type: "x", message: "a" }, { type: "x", message: "b" }],
  ["a", "b"],
  [null, undefined],
];

Deno.test("normalForm is one for messages that say the same", () => {
  for (const [one, other] of same) assert.equal(normalForm(one), normalForm(other));
});

Deno.test("normalForm tells apart what says something else", () => {
  for (const [one, other] of different) assert.notEqual(normalForm(one), normalForm(other));
});

Deno.test("laneOf names whose doing a message is", () => {
  const lanes = [
    { type: "chat", from: "ann", requestId: 1 },
    { type: "user-left", userId: "ann" },
    { type: "joined", userId: "ann", requestId: 1 },
    { type: "room-updated" },
  ].map(laneOf);

  assert.deepEqual(lanes, ["user ann", "user ann", "own", "type room-updated"]);
});
