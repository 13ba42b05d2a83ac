/** Slots and their names on the wire. */
import assert from "node:assert/strict";
import { groupOf, kindOf, slotOf, sourceOf } from "../../../static/call/slot_kinds.ts";
import { SLOTS } from "../../../static/call/transport.ts";

Deno.test("[PB1] sourceOf and slotOf lead there and back", () => {
  assert.deepEqual(SLOTS.map(sourceOf), ["microphone", "camera", "screen", "screen-sound"]);
  assert.deepEqual(SLOTS.map((slot) => slotOf(sourceOf(slot))), [...SLOTS]);
  assert.equal(slotOf("smell"), undefined);
});

Deno.test("kindOf and groupOf say what a slot carries and what it is played with", () => {
  assert.deepEqual(SLOTS.map(kindOf), ["audio", "video", "video", "audio"]);
  assert.deepEqual(SLOTS.map(groupOf), ["person", "person", "screen", "screen"]);
});
