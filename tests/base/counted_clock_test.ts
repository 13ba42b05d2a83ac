/** The clock that counts its timers, over the clock of the tests. */
import assert from "node:assert/strict";
import { CountedClock } from "../../src/base/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";

function makeClock() {
  const hands = new FakeClock();
  return { hands, clock: new CountedClock(hands) };
}

Deno.test("CountedClock counts a timer until it has run", () => {
  const { hands, clock } = makeClock();
  const counts: number[] = [];

  clock.after(10, () => counts.push(clock.pending));

  assert.equal(clock.pending, 1);
  hands.advance(10);
  assert.deepEqual(counts, [0]);
});

Deno.test("CountedClock counts a cancelled timer no more, however often it is cancelled", () => {
  const { hands, clock } = makeClock();
  const cancel = clock.after(10, () => assert.fail("it was cancelled"));
  clock.after(20, () => {});

  cancel();
  cancel();

  assert.equal(clock.pending, 1);
  hands.advance(15);
});

Deno.test("CountedClock discounts once a timer that ran and is cancelled then", () => {
  const { hands, clock } = makeClock();
  const cancel = clock.after(10, () => {});
  clock.after(20, () => {});

  hands.advance(10);
  cancel();

  assert.equal(clock.pending, 1);
});

Deno.test("CountedClock counts a repeating timer once, until it is cancelled", () => {
  const { hands, clock } = makeClock();
  let runs = 0;

  const cancel = clock.every(10, () => runs++);
  hands.advance(35);

  assert.deepEqual([runs, clock.pending], [3, 1]);
  cancel();
  hands.advance(35);
  assert.deepEqual([runs, clock.pending, hands.pending], [3, 0, 0]);
});

Deno.test("CountedClock tells the time of its clock, and counts no ends of turns", () => {
  const { hands, clock } = makeClock();
  let ends = 0;
  hands.advance(7);

  clock.afterTurn(() => ends++);

  assert.deepEqual([clock.pending, clock.elapsed()], [0, 7]);
  assert.equal(clock.now(), hands.now());
  hands.endTurn();
  assert.equal(ends, 1);
});
