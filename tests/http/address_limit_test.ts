/** Counting by address. */
import assert from "node:assert/strict";
import { AddressLimit } from "../../src/http/mod.ts";

Deno.test("[CO10] AddressLimit is full for the address that has as many as it may", () => {
  const limit = new AddressLimit(2);
  const leave = limit.enter("a");
  limit.enter("a");

  assert.deepEqual([limit.isFull("a"), limit.isFull("b")], [true, false]);
  leave();
  assert.equal(limit.isFull("a"), false);
});

Deno.test("AddressLimit takes one back once, and forgets an address that has nothing", () => {
  const limit = new AddressLimit(1);
  const leave = limit.enter("a");

  leave();
  leave();
  limit.enter("a");

  assert.deepEqual([limit.isFull("a"), limit.size], [true, 1]);
});

Deno.test("[CO10] AddressLimit does not count what has no key", () => {
  const limit = new AddressLimit(1);

  limit.enter(undefined)();
  limit.enter(undefined);

  assert.deepEqual([limit.isFull(undefined), limit.size], [false, 0]);
});
