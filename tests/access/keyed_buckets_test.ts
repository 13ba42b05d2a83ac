/** A bucket for each of many, on a clock that stands still. */
import assert from "node:assert/strict";
import { KeyedBuckets } from "../../src/access/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";

const RATE = { perSecond: 1, burst: 2 };

Deno.test("KeyedBuckets bounds each key by itself, and fills it again", () => {
  const clock = new FakeClock();
  const buckets = new KeyedBuckets(clock, RATE);

  assert.deepEqual([buckets.take("a"), buckets.take("a"), buckets.take("a")], [0, 0, 1_000]);
  assert.deepEqual([buckets.take("b"), buckets.missingMs("a"), buckets.missingMs("c")], [
    0,
    1_000,
    0,
  ]);
  clock.advance(1_000);
  assert.equal(buckets.take("a"), 0);
});

Deno.test("KeyedBuckets.giveBack makes a taking free, and knows nothing of strangers", () => {
  const buckets = new KeyedBuckets(new FakeClock(), RATE);

  for (let n = 0; n < 10; n++) {
    assert.equal(buckets.take("a"), 0);
    buckets.giveBack("a");
  }
  buckets.giveBack("stranger");

  assert.equal(buckets.size, 1);
});

Deno.test("KeyedBuckets remembers a bounded number, those with full budgets least", () => {
  const clock = new FakeClock();
  const buckets = new KeyedBuckets(clock, RATE);
  for (let n = 0; n < 9_999; n++) buckets.take(`early ${n}`);
  clock.advance(10_000);
  for (let n = 0; n < 3; n++) buckets.take("busy");

  buckets.take("late");
  assert.equal(buckets.size, 2);
  assert.equal(buckets.missingMs("busy"), 1_000);

  for (let n = 0; n < 20_000; n++) buckets.take(`many ${n}`);
  assert.equal(buckets.size, 10_000);
});
