/** The times of a run: one clock, and the time in which the tester looked. */
import assert from "node:assert/strict";
import { RunTime } from "../../../cli/media/run_time.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("RunTime is attentive while it has its turn, and stands still while it has none", () => {
  const clock = new FakeClock();
  const time = new RunTime(clock);
  for (let n = 0; n < 20; n++) {
    clock.advance(5);
    time.look();
  }
  assert.deepEqual([time.now, time.attentive, time.isBehind], [100, 100, false]);

  clock.advance(1_000);
  assert.deepEqual([time.attentive, time.isBehind], [100, true]);
  time.look();

  assert.deepEqual([time.now, time.attentive, time.isBehind], [1_100, 150, true]);
  clock.advance(40);
  time.look();
  assert.equal(time.isBehind, true);
  for (let n = 0; n < 4; n++) {
    clock.advance(40);
    time.look();
  }
  assert.equal(time.isBehind, false);
});

Deno.test("RunTime.epochOf lays its times into the world's, by one offset", () => {
  const clock = new FakeClock();
  clock.advance(70);
  const time = new RunTime(clock);
  const epochMs = clock.now();
  clock.advance(30);

  assert.equal(time.epochOf(70), epochMs);
  assert.equal(time.epochOf(100), clock.now());
});

Deno.test("RunTime.after calls once, unless it is cancelled", () => {
  const clock = new FakeClock();
  const time = new RunTime(clock);
  const called: string[] = [];
  time.after(10, () => called.push("one"));
  time.after(10, () => called.push("two"))();

  clock.advance(100);

  assert.deepEqual(called, ["one"]);
  assert.equal(clock.pending, 0);
});
