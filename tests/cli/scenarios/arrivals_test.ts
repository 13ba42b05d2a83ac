/** When users arrive: the whole plan at once, repeatable by its seed. */
import assert from "node:assert/strict";
import { arrivalTimes } from "../../../cli/scenarios/arrivals.ts";
import { forEachAt } from "../../../cli/scenarios/pacing.ts";
import { SeededRandom } from "../../../cli/scenarios/random.ts";
import { Interrupted } from "../../../cli/scenarios/waiting.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("arrivalTimes of a poisson arrival has exponential gaps of the rate", () => {
  const count = 20_000;
  const times = arrivalTimes(count, { kind: "poisson", perSecond: 50 }, new SeededRandom(7));

  const gaps = times.map((at, index) => at - (times[index - 1] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / count;
  const longerThanMean = gaps.filter((gap) => gap > mean).length / count;
  assert.ok(Math.abs(mean - 20) < 0.5, `mean gap ${mean} ms`);
  // Of an exponential distribution 1/e lies beyond the mean; of an even one nothing would.
  assert.ok(Math.abs(longerThanMean - 1 / Math.E) < 0.01, `${longerThanMean} beyond the mean`);
  assert.ok(gaps.every((gap) => gap >= 0));
});

Deno.test("arrivalTimes repeats itself by its seed", () => {
  const draw = (seed: number) =>
    arrivalTimes(10, { kind: "poisson", perSecond: 5 }, new SeededRandom(seed));

  assert.deepEqual(draw(3), draw(3));
  assert.notDeepEqual(draw(3), draw(4));
});

Deno.test("arrivalTimes of a ramp spreads users evenly, of a burst not at all", () => {
  const random = new SeededRandom(1);

  assert.deepEqual(arrivalTimes(4, { kind: "ramp", rampMs: 1_000 }, random), [0, 250, 500, 750]);
  assert.deepEqual(arrivalTimes(3, { kind: "burst" }, random), [0, 0, 0]);
  assert.deepEqual(arrivalTimes(0, { kind: "ramp", rampMs: 1_000 }, random), []);
});

Deno.test("forEachAt starts each when it is due, though none before it has ended", async () => {
  const clock = new FakeClock();
  const started: [string, number][] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = forEachAt(["ann", "bob", "cleo"], (name, dueAt) => {
    started.push([name, dueAt]);
    return promise;
  }, { clock, signal: new AbortController().signal, times: [10, 20, 400] });

  for (let turn = 0; turn < 10; turn++) {
    clock.advance(10);
    for (let step = 0; step < 10; step++) await Promise.resolve();
  }

  assert.deepEqual(started, [["ann", 10], ["bob", 20]]);
  clock.advance(300);
  resolve();
  await work;
  assert.deepEqual(started.at(-1), ["cleo", 400]);
  assert.equal(clock.pending, 0);
});

Deno.test("forEachAt tells a late action when it was due, not when it began", async () => {
  const clock = new FakeClock();
  const due: number[] = [];
  const work = forEachAt([1, 2], (_, dueAt) => {
    due.push(dueAt);
    clock.stall(500);
    return Promise.resolve();
  }, { clock, signal: new AbortController().signal, times: [5, 10] });

  clock.advance(5);
  await work;

  assert.deepEqual(due, [5, 10]);
  assert.ok(clock.elapsed() >= 1_000);
});

Deno.test("forEachAt rejects with what an action rejects with, and starts no other", async () => {
  const clock = new FakeClock();
  let started = 0;
  const work = forEachAt([1, 2, 3], () => {
    started++;
    return Promise.reject(new Error("no"));
  }, { clock, signal: new AbortController().signal, times: [10, 50, 90] });
  const settled = assert.rejects(work, /^Error: no$/);

  for (let turn = 0; turn < 10; turn++) {
    clock.advance(10);
    for (let step = 0; step < 10; step++) await Promise.resolve();
  }

  await settled;
  assert.equal(started, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("forEachAt rejects when it is interrupted", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const options = { clock, signal: controller.signal, times: [50] };
  const work = forEachAt([1], () => Promise.resolve(), options);

  controller.abort();

  await assert.rejects(work, Interrupted);
  assert.equal(clock.pending, 0);
});
