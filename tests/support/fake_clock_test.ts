/** The clock of the tests keeps the promises of the real one. */
import assert from "node:assert/strict";
import { FakeClock } from "./fake_clock.ts";

Deno.test("FakeClock stands still until it is moved", () => {
  const clock = new FakeClock();
  const [now, elapsed] = [clock.now(), clock.elapsed()];

  clock.advance(1_500);

  assert.equal(clock.now() - now, 1_500);
  assert.equal(clock.elapsed() - elapsed, 1_500);
});

Deno.test("FakeClock.after calls once, when its time has come", () => {
  const clock = new FakeClock();
  const calls: number[] = [];
  clock.after(100, () => calls.push(clock.elapsed()));

  clock.advance(99);
  assert.deepEqual(calls, []);
  clock.advance(1);
  clock.advance(1_000);

  assert.deepEqual(calls, [100]);
  assert.equal(clock.pending, 0);
});

Deno.test("FakeClock.every calls at each period until it is cancelled", () => {
  const clock = new FakeClock();
  const calls: number[] = [];
  const cancel = clock.every(100, () => calls.push(clock.elapsed()));

  clock.advance(350);
  cancel();
  cancel();
  clock.advance(1_000);

  assert.deepEqual(calls, [100, 200, 300]);
  assert.equal(clock.pending, 0);
});

Deno.test("FakeClock.advance runs timers in the order of their times, then of their making", () => {
  const clock = new FakeClock();
  const calls: string[] = [];
  clock.after(20, () => calls.push("late"));
  clock.after(10, () => calls.push("first"));
  clock.after(10, () => calls.push("second"));
  clock.after(10, () => clock.after(5, () => calls.push("made on the way")));

  clock.advance(20);

  assert.deepEqual(calls, ["first", "second", "made on the way", "late"]);
});

Deno.test("FakeClock.advance skips a timer that another one cancels", () => {
  const clock = new FakeClock();
  const calls: string[] = [];
  clock.after(10, () => cancel());
  const cancel = clock.after(20, () => calls.push("cancelled"));

  clock.advance(50);

  assert.deepEqual(calls, []);
});

Deno.test("FakeClock.afterTurn calls at the end of the turn, in order, but for the cancelled", () => {
  const clock = new FakeClock();
  const calls: string[] = [];
  const call = () => calls.push("same");
  clock.afterTurn(() => {
    calls.push("first");
    cancelNext();
    clock.afterTurn(() => calls.push("asked for meanwhile"));
  });
  const cancelNext = clock.afterTurn(() => calls.push("cancelled"));
  const cancelSame = clock.afterTurn(call);
  clock.afterTurn(call);
  cancelSame();
  assert.equal(clock.pending, 3);

  clock.endTurn();

  assert.deepEqual(calls, ["first", "same", "asked for meanwhile"]);
  assert.equal(clock.pending, 0);
});

Deno.test("FakeClock.advance ends the turn before time moves, and after each timer", () => {
  const clock = new FakeClock();
  const calls: [string, number][] = [];
  clock.afterTurn(() => calls.push(["turn", clock.elapsed()]));
  clock.after(10, () => clock.afterTurn(() => calls.push(["turn", clock.elapsed()])));
  clock.after(20, () => calls.push(["timer", clock.elapsed()]));

  clock.advance(20);

  assert.deepEqual(calls, [["turn", 0], ["turn", 10], ["timer", 20]]);
});
