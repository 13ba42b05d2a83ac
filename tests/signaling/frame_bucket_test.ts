/** The bucket of relayed frames, on a clock that stands still. */
import assert from "node:assert/strict";
import { FrameBucket } from "../../src/signaling/frame_bucket.ts";
import { FakeClock } from "../support/fake_clock.ts";

const MEBIBYTE = 1024 * 1024;

Deno.test("[FR6] FrameBucket.take allows 300 frames a second", () => {
  const clock = new FakeClock();
  const bucket = new FrameBucket(clock, 1_000);
  const takeAll = () => {
    let count = 0;
    while (bucket.take(100)) count++;
    return count;
  };

  assert.equal(takeAll(), 300);
  clock.advance(1_000);
  assert.equal(takeAll(), 300);
  clock.advance(60_000);
  assert.equal(takeAll(), 300);
});

Deno.test("[FR6] FrameBucket.take allows 2 MiB a second, and a refused frame costs nothing", () => {
  const clock = new FakeClock();
  const bucket = new FrameBucket(clock, MEBIBYTE);

  assert.deepEqual([1, 2, 3, 4].map(() => bucket.take(MEBIBYTE)), [true, true, false, false]);
  clock.advance(500);
  assert.deepEqual([1, 2].map(() => bucket.take(MEBIBYTE)), [true, false]);
  assert.ok(!bucket.take(1));
});

Deno.test("[FR6] FrameBucket.take lets the longest frame pass, however long it may be", () => {
  const bucket = new FrameBucket(new FakeClock(), 3 * MEBIBYTE);

  assert.ok(bucket.take(3 * MEBIBYTE));
});
