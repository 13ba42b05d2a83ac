/** The token bucket, on a clock that stands still. */
import assert from "node:assert/strict";
import { TokenBucket } from "../../src/access/token_bucket.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("[LI2] TokenBucket.take allows a burst, then the rate", () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, { perSecond: 10, burst: 3 });

  assert.deepEqual([1, 2, 3, 4].map(() => bucket.take()), [0, 0, 0, 100]);
  clock.advance(100);
  assert.deepEqual([1, 2].map(() => bucket.take()), [0, 100]);
});

Deno.test("[LI2] TokenBucket.take says how long until there is a token", () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, { perSecond: 10, burst: 1 });
  bucket.take();
  clock.advance(40);

  assert.equal(bucket.take(), 60);
  clock.advance(60);
  assert.equal(bucket.take(), 0);
});

Deno.test("[FR6] TokenBucket.take takes as many tokens as it is told, or none", () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, { perSecond: 10, burst: 5 });

  assert.deepEqual([3, 3, 2, 1].map((tokens) => bucket.take(tokens)), [0, 100, 0, 100]);
  clock.advance(300);
  assert.equal(bucket.missingMs(4), 100);
  assert.equal(bucket.take(3), 0);
});

Deno.test("[LI2] TokenBucket never holds more than its burst", () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, { perSecond: 10, burst: 2 });
  bucket.take();
  clock.advance(60_000);

  assert.deepEqual([1, 2, 3].map(() => bucket.take() === 0), [true, true, false]);
});

Deno.test("[LI4] TokenBucket counts refusals until it is full again", () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, { perSecond: 10, burst: 2 });
  for (let n = 0; n < 5; n++) bucket.take();
  assert.equal(bucket.refused, 3);

  clock.advance(100);
  bucket.take();
  bucket.take();
  assert.equal(bucket.refused, 4);

  clock.advance(200);
  bucket.take();
  assert.equal(bucket.refused, 0);
});
