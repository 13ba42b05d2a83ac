/** Expected messages with holes, against what was seen. */
import assert from "node:assert/strict";
import { Bindings, filled, type Hole, misfit } from "../../../cli/model/pattern.ts";

const id = (place: number): Hole => ({ hole: "messageId", life: "room", place });

Deno.test("misfit names the field that differs, is missing, or is too much", () => {
  const expected = { type: "chat", list: [1, { deep: true }] };
  const against = (actual: unknown) => misfit(expected, actual, new Bindings());

  assert.equal(against({ list: [1, { deep: true }], type: "chat" }), undefined);
  assert.equal(against({ type: "chat", list: [1, { deep: false }] }), "list.1.deep");
  assert.equal(against({ type: "chat" }), "list");
  assert.equal(against({ type: "chat", list: [1, { deep: true }], more: 1 }), "more");
  assert.equal(against({ type: "chat", list: { 0: 1, 1: { deep: true } } }), "list");
});

Deno.test("a hole takes what fits it, a named one the same ever after", () => {
  const bindings = new Bindings();
  const code: Hole = { hole: "code", name: "code" };

  assert.equal(misfit({ hole: "whole number" }, 7, bindings), undefined);
  assert.equal(misfit({ at: { hole: "whole number" } }, { at: "7" }, bindings), "at");
  assert.equal(misfit({ code }, { code: "12345" }, bindings), "code");
  assert.equal(misfit({ code }, { code: "123456" }, bindings), undefined);
  assert.equal(misfit({ code }, { code: "654321" }, bindings), "code");
  assert.deepEqual(filled({ roomId: code, n: [1] }, bindings), { roomId: "123456", n: [1] });
});

Deno.test("[CH3] message ids are one for one message, and grow with their place", () => {
  const bindings = new Bindings();
  const take = (place: number, value: string) => bindings.take(id(place), value);

  assert.ok(take(0, "9") && take(0, "9"));
  assert.ok(!take(0, "10"));
  assert.ok(take(2, "11"));
  assert.ok(!take(1, "11") && !take(1, "9") && take(1, "10"));
  assert.ok(!take(3, "11"));
});

Deno.test("a copy of bindings keeps what it learns to itself", () => {
  const bindings = new Bindings();
  const copy = new Bindings(bindings);

  assert.ok(copy.take({ hole: "secret", name: "key" }, "a"));

  assert.equal(bindings.get("key"), undefined);
  assert.ok(bindings.take({ hole: "secret", name: "key" }, "b"));
});
