/** What each m-line carries, as the server told, and what comes in it before and after. */
import assert from "node:assert/strict";
import { CarriedTracks } from "../../../cli/media/carried_tracks.ts";
import { RunTime } from "../../../cli/media/run_time.ts";
import type { SubscribedMedia, UserId } from "../../../src/protocol/mod.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const track = (mid: string, trackId: string): SubscribedMedia => ({
  ...{ mid, trackId, source: "camera" },
  userId: "ann" as UserId, // A good one.
});

class CarriedBench {
  readonly clock = new FakeClock();
  readonly time = new RunTime(this.clock);
  readonly carried = new CarriedTracks(this.time);

  /** Lets time pass, with the tester attentive. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 10) {
      this.clock.advance(10);
      this.time.look();
    }
  }
}

Deno.test("[SB2] CarriedTracks knows the list that was told last, and what has ended by it", () => {
  const { carried, clock } = new CarriedBench();
  carried.tell([track("v0", "1"), track("v1", "2")]);
  clock.advance(20);

  const ended = carried.tell([track("v0", "1"), track("v1", "3")]);

  assert.deepEqual(ended.map(({ trackId }) => trackId), ["2"]);
  assert.deepEqual(carried.all.map(({ trackId, since }) => [trackId, since]), [["1", 0], [
    "3",
    20,
  ]]);
  assert.deepEqual(carried.tell([]).map(({ trackId }) => trackId), ["1", "3"]);
});

Deno.test("[SB1] CarriedTracks finds a track that comes and is never told, once", () => {
  const bench = new CarriedBench();
  const { carried } = bench;
  carried.tell([track("v0", "1")]);
  carried.came("v0", "1");
  carried.came("v0", "9");
  bench.pass(990);
  carried.came("v0", "9");

  assert.deepEqual(carried.untold(), []);
  bench.pass(10);
  assert.deepEqual(carried.untold(), [{ mid: "v0", trackId: "9" }]);
  bench.pass(5_000);
  assert.deepEqual(carried.untold(), []);
});

Deno.test("CarriedTracks lets packets be ahead of the word, and behind it", () => {
  const bench = new CarriedBench();
  const { carried } = bench;
  carried.tell([track("v0", "1")]);
  carried.came("v0", "2");
  bench.pass(900);
  carried.tell([track("v0", "2")]);
  bench.pass(900);
  carried.came("v0", "1");
  bench.pass(5_000);

  assert.deepEqual(carried.untold(), []);
});

Deno.test("CarriedTracks waits for the word as long as the tester has no turn to hear it", () => {
  const bench = new CarriedBench();
  bench.carried.came("v0", "1");
  bench.clock.advance(60_000);
  bench.time.look();

  assert.deepEqual(bench.carried.untold(), []);
});

Deno.test("CarriedTracks leaves what has ended altogether to who watches the track", () => {
  const bench = new CarriedBench();
  const { carried } = bench;
  carried.tell([track("v0", "1")]);
  carried.tell([]);
  bench.pass(2_000);
  carried.came("v0", "1");
  bench.pass(2_000);

  assert.deepEqual(carried.untold(), []);
});

Deno.test("[SB1] CarriedTracks finds a track in another m-line than the one that was told", () => {
  const bench = new CarriedBench();
  const { carried } = bench;
  carried.tell([track("v0", "1"), track("v1", "2")]);
  carried.came("v1", "1");
  bench.pass(1_000);
  assert.deepEqual(carried.untold(), [{ mid: "v1", trackId: "1" }]);

  carried.tell([track("v0", "2"), track("v1", "1")]);
  bench.pass(1_000);
  carried.came("v0", "1");
  bench.pass(1_000);

  assert.deepEqual(carried.untold(), [{ mid: "v0", trackId: "1" }]);
});
