/** How busy a thread is, on a clock and a meter that are moved by hand. */
import assert from "node:assert/strict";
import { CpuProbe, threadCpuUs } from "../../../cli/measure/cpu.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("CpuProbe tells the share of a core, and how much of the time it was full", () => {
  const clock = new FakeClock();
  let us = 5_000;
  const probe = new CpuProbe(clock, () => us);

  probe.start();
  for (const usedMs of [500, 500, 0, 0]) {
    us += usedMs * 1_000;
    clock.advance(500);
  }
  probe.stop();

  assert.deepEqual(probe.use, { share: 0.5, fullShare: 0.5 });
  assert.equal(clock.pending, 0);
});

Deno.test("CpuProbe says nothing of a time that was not measured", () => {
  const probe = new CpuProbe(new FakeClock(), () => 1);

  assert.deepEqual(probe.use, { share: 0, fullShare: 0 });
});

Deno.test("threadCpuUs grows with the work of this thread", () => {
  const before = threadCpuUs();

  let sum = 0;
  while (threadCpuUs() === before) for (let index = 0; index < 1e6; index++) sum += index % 7;

  assert.ok(sum > 0 && threadCpuUs() > before);
});
