/** What one address may hold, and how fast it may open it. */
import assert from "node:assert/strict";
import { AddressGate } from "../../src/http/address_gate.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("[CO10] AddressGate is full for an address that holds as many as it may, until one goes", () => {
  const gate = new AddressGate(new FakeClock(), 2);
  const leave = gate.enter("a");
  gate.enter("a");

  assert.deepEqual([gate.isFull("a"), gate.isFull("b")], [true, false]);
  assert.deepEqual(gate.refusal("a"), {
    reason: "your address holds 2 connections",
    retryAfterMs: 30_000,
  });
  leave();
  leave();
  assert.equal(gate.isFull("a"), false);
});

Deno.test("[CO12] AddressGate bounds how fast an address opens, and gives back with time", () => {
  const clock = new FakeClock();
  const gate = new AddressGate(clock, 2);

  for (let n = 0; n < 4; n++) assert.equal(gate.refusal("a"), undefined);
  assert.deepEqual(gate.refusal("a"), {
    reason: "your address opens too many",
    retryAfterMs: 5_000,
  });
  assert.equal(gate.refusal("b"), undefined);
  clock.advance(5_000);
  assert.equal(gate.refusal("a"), undefined);
});

Deno.test("AddressGate counts nothing of who has no key, and of what was counted before", () => {
  const gate = new AddressGate(new FakeClock(), 1);

  for (let n = 0; n < 10; n++) {
    gate.enter(undefined);
    assert.equal(gate.refusal(undefined), undefined);
    assert.equal(gate.refusal("a", { isCounted: false }), undefined);
  }
});
