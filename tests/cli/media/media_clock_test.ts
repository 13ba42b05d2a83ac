/** Timestamps by the clock, and back, also where they go round. */
import assert from "node:assert/strict";
import { MediaClock } from "../../../cli/media/media_clock.ts";

Deno.test("MediaClock counts as fast as its rate, and goes round", () => {
  const clock = new MediaClock(90_000, { startedAt: 500, first: 2 ** 32 - 90 });

  assert.equal(clock.timestampAt(500), 2 ** 32 - 90);
  assert.equal(clock.timestampAt(501), 0);
  assert.equal(clock.timestampAt(1_501), 90_000);
});

Deno.test("MediaClock.timeOf finds the time of a timestamp near another", () => {
  const clock = new MediaClock(48_000, { startedAt: 0, first: 2 ** 32 - 4_800 });
  for (const at of [0, 50, 100, 150, 1_000, 200_000]) {
    const timestamp = clock.timestampAt(at);

    assert.equal(clock.timeOf(timestamp, at + 300), at);
    assert.equal(clock.timeOf(timestamp, at - 300), at);
  }
});
