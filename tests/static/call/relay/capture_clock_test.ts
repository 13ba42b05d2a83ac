/** When something was captured, by the clock of the page. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { CaptureClock, JUMP_MS } from "../../../../static/call/relay/capture_clock.ts";

Deno.test("CaptureClock takes what came quickest for the truth", () => {
  const clock = new CaptureClock();
  const lateness = [30_000, 5_000, 90_000, 12_000];

  const times = lateness.map((late, n) => {
    const mediaUs = n * 33_000;
    clock.hear(mediaUs, 1_000_000 + mediaUs + late);
    return clock.timeOf(mediaUs);
  });

  assert.deepEqual(times, [1_030_000, 1_038_000, 1_071_000, 1_104_000]);
});

Deno.test("CaptureClock follows a source that stood still, at once", () => {
  const clock = new CaptureClock();
  clock.hear(0, 1_000_000);
  const before = clock.timeOf(0);

  clock.hear(33_000, 1_033_000 + (JUMP_MS + 1) * 1_000);

  assert.equal(before, 1_000_000);
  assert.equal(clock.timeOf(33_000), 1_033_000 + (JUMP_MS + 1) * 1_000);
});

Deno.test("CaptureClock follows two clocks that drift apart", () => {
  const clock = new CaptureClock();
  let apart = 0;

  for (let n = 0; n < 60_000; n += 20) {
    const [mediaUs, arrivalUs] = [n * 1_000, n * 1_001]; // A thousandth: far more than real ones.
    clock.hear(mediaUs, arrivalUs);
    apart = Math.max(apart, Math.abs(clock.timeOf(mediaUs) - arrivalUs));
  }

  assert.ok(apart <= 4_000, `${apart} microseconds`);
});

Deno.test("CaptureClock never goes back, whatever comes", () => {
  const step = fc.record({ media: fc.integer({ min: 0, max: 1e6 }), late: fc.nat(1e6) });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const clock = new CaptureClock();
    let [mediaUs, arrivalUs, last] = [0, 0, -1];
    for (const { media, late } of steps) {
      mediaUs += media;
      arrivalUs = Math.max(arrivalUs, mediaUs + late);
      clock.hear(mediaUs, arrivalUs);
      const time = clock.timeOf(mediaUs);
      assert.ok(time > last && Number.isSafeInteger(time), `${time} after ${last}`);
      last = time;
    }
  }));
});
