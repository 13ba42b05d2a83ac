/** When each piece of sound begins. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DRIFT_S, SoundSchedule } from "../../../../static/call/relay/sound_schedule.ts";

const durationS = 0.02;

Deno.test("SoundSchedule puts one piece right behind the other, though they are due a little off", () => {
  const schedule = new SoundSchedule();

  const first = schedule.place(1, { nowS: 0.9, durationS });
  const second = schedule.place(1.028, { nowS: 0.9, durationS });
  const third = schedule.place(1.035, { nowS: 0.9, durationS });

  assert.deepEqual([first, second], [1, 1.02]);
  assert.ok(Math.abs(third! - 1.04) < 1e-9);
});

Deno.test("SoundSchedule moves what has drifted from its pictures", () => {
  const schedule = new SoundSchedule();
  schedule.place(1, { nowS: 0.9, durationS });

  assert.equal(schedule.place(1.2, { nowS: 0.9, durationS }), 1.2);
});

Deno.test("SoundSchedule leaves out what is due before the last piece ends, or too late", () => {
  const schedule = new SoundSchedule();
  schedule.place(1, { nowS: 0.9, durationS: 0.1 });

  assert.equal(schedule.place(1.02, { nowS: 0.9, durationS }), undefined);
  assert.equal(schedule.place(1.2, { nowS: 1.2 + 2 * DRIFT_S, durationS }), undefined);
});

Deno.test("SoundSchedule never lets two pieces be heard at once, and none far from its time", () => {
  const piece = fc.record({ late: fc.integer({ min: -80, max: 80 }), wait: fc.nat(60) });
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    const schedule = new SoundSchedule();
    let [nowS, endS] = [0, 0];
    for (const [n, { late, wait }] of pieces.entries()) {
      nowS += wait / 1_000;
      const dueS = 0.1 + n * durationS + late / 1_000;
      const startS = schedule.place(dueS, { nowS, durationS });
      if (startS === undefined) continue;
      assert.ok(startS >= nowS && startS >= endS - 1e-6);
      assert.ok(Math.abs(startS - dueS) <= DRIFT_S + 1e-9);
      endS = startS + durationS;
    }
  }));
});
