/** The orders in which a server may take what was sent at once. */
import assert from "node:assert/strict";
import { interleavings } from "../../../cli/model/interleavings.ts";

const orders = (...items: string[]) => interleavings(items, (item) => item[0]).map(String);

Deno.test("[OR3] interleavings keeps the order of each sender, and nothing else", () => {
  assert.deepEqual(orders("a1", "b1"), ["a1,b1", "b1,a1"]);
  assert.deepEqual(orders("a1", "a2", "b1"), ["a1,a2,b1", "a1,b1,a2", "b1,a1,a2"]);
  assert.deepEqual(orders("a1", "a2"), ["a1,a2"]);
  assert.equal(orders("a", "b", "c", "d").length, 24);
});

Deno.test("interleavings of one thing, or none, is that", () => {
  assert.deepEqual(orders("a1"), ["a1"]);
  assert.deepEqual(interleavings([], () => 0), [[]]);
});
