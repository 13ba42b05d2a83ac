/** What a room does by the clock. */
import assert from "node:assert/strict";
import { RoomTicks } from "../../../src/media/sfu/room_ticks.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function makeTicks() {
  const clock = new FakeClock();
  const done: string[] = [];
  const note = (what: string) => (at: number) => void done.push(`${what} ${at}`);
  const ticks = new RoomTicks({
    clock,
    carry: note("carry"),
    tellWanted: note("wanted"),
    tellSpeakers: note("speakers"),
  });
  const of = (what: string) => done.filter((one) => one.startsWith(what));
  return { clock, done, ticks, of };
}

Deno.test("RoomTicks carries each 25 ms, and tells what is wanted and who is heard less often", () => {
  const { clock, done, ticks, of } = makeTicks();
  clock.advance(1_000);
  assert.deepEqual(done, []);

  ticks.start();
  ticks.start();
  clock.advance(1_000);

  assert.equal(of("carry").length, 40);
  assert.deepEqual(of("wanted"), [1_025, 1_225, 1_425, 1_625, 1_825].map((at) => `wanted ${at}`));
  assert.deepEqual(of("speakers"), ["speakers 1025", "speakers 1525"]);
  assert.deepEqual(done.slice(0, 3), ["carry 1025", "wanted 1025", "speakers 1025"]);
});

Deno.test("RoomTicks.stop leaves no timer, and start goes on", () => {
  const { clock, ticks, of } = makeTicks();
  ticks.start();
  clock.advance(100);

  ticks.stop();
  ticks.stop();
  assert.equal(clock.pending, 0);
  clock.advance(100);
  assert.equal(of("carry").length, 4);
  ticks.start();
  clock.advance(25);

  assert.equal(of("carry").length, 5);
  ticks.stop();
});
