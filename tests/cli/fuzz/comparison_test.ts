/** What was heard against what was expected, and the rule that a difference breaks. */
import assert from "node:assert/strict";
import { compare } from "../../../cli/fuzz/comparison.ts";
import { Bindings, type Message } from "../../../cli/model/pattern.ts";

const chat = (from: string, text: string): Message => ({ type: "chat", from, text });
const left = (reason: string): Message => ({ type: "user-left", userId: "ann", reason });
const pong: Message = { type: "pong", at: 1 };

function ruleOf(expected: Message[], seen: Message[], isInRoom = true): string | undefined {
  const rules = expected.map((message) => ({ rule: "XX1", message }));
  return compare(rules, seen, { bindings: new Bindings(), isInRoom }).difference?.rule;
}

Deno.test("compare finds nothing where all is as expected", () => {
  assert.equal(ruleOf([], []), undefined);
  assert.equal(ruleOf([chat("a", "1"), pong], [chat("a", "1"), pong]), undefined);
});

Deno.test("compare names the rule of what is missing, wrong, or too much", () => {
  assert.equal(ruleOf([left("left"), pong], [pong]), "XX1");
  assert.equal(ruleOf([{ type: "ok", requestId: 1 }, pong], [pong]), "ME4");
  assert.equal(ruleOf([left("left")], [left("disconnected")]), "LE4");
  assert.equal(ruleOf([left("left"), pong], [left("left"), left("left"), pong]), "LE3");
  assert.equal(ruleOf([pong], [chat("a", "1"), pong]), "CH1");
  assert.equal(ruleOf([chat("a", "1")], [chat("b", "1")]), "RL4");
});

Deno.test("[OR1, OR2, OR3] compare tells apart wrong orders and leaks", () => {
  const [one, two] = [chat("a", "1"), chat("a", "2")];

  assert.equal(ruleOf([one, two], [two, one]), "OR3");
  assert.equal(ruleOf([chat("b", "1"), two], [two, chat("b", "1")]), "OR1");
  assert.equal(ruleOf([pong], [one, pong], false), "OR2");
});

Deno.test("[RE5] compare takes a snapshot in the place of what was missed", () => {
  const resumed = { type: "resumed", missed: { hole: "whole number" }, snapshot: { users: ["a"] } };
  const expected = [
    { rule: "RE4", message: resumed },
    { rule: "CH1", message: chat("a", "1"), isReplay: true },
  ];
  const differs = (...seen: Message[]) =>
    compare(expected, seen, { bindings: new Bindings(), isInRoom: true }).difference?.rule;

  assert.equal(differs({ type: "resumed", missed: 1 }, chat("a", "1")), undefined);
  assert.equal(differs({ type: "resumed", missed: 0, snapshot: { users: ["a"] } }), undefined);
  assert.equal(differs({ type: "resumed", missed: 0, snapshot: { users: ["b"] } }), "RE4");
  assert.equal(differs({ type: "resumed", missed: 1 }), "CH1");
});
