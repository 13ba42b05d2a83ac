/** Frames are due evenly, and none in a heap after the tester was busy. */
import assert from "node:assert/strict";
import { Schedule } from "../../../cli/media/schedule.ts";

function due(schedule: Schedule, at: number): number[] {
  const times: number[] = [];
  for (let next = schedule.next(at); next !== undefined; next = schedule.next(at)) times.push(next);
  return times;
}

Deno.test("Schedule has each frame due once, at its own time, however seldom it is asked", () => {
  const schedule = new Schedule(20, 100);

  assert.deepEqual(due(schedule, 99), []);
  assert.deepEqual(due(schedule, 100), [100]);
  assert.deepEqual(due(schedule, 100), []);
  assert.deepEqual(due(schedule, 165), [120, 140, 160]);
  assert.deepEqual(due(schedule, 180), [180]);
});

Deno.test("Schedule leaves out what is late by more than a quarter of a second, and goes on evenly", () => {
  const schedule = new Schedule(20, 0);

  assert.deepEqual(due(schedule, 1_000), [1_000]);
  assert.deepEqual(due(schedule, 1_045), [1_020, 1_040]);
});
