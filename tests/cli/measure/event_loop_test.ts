/** The probe measures lateness, not time. */
import assert from "node:assert/strict";
import { EventLoopProbe } from "../../../cli/measure/event_loop.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("EventLoopProbe finds a clock that is on time on time", () => {
  const clock = new FakeClock();
  const probe = new EventLoopProbe(clock);

  probe.start();
  clock.advance(200);
  probe.stop();

  assert.equal(probe.lateness.count, 10);
  assert.equal(probe.lateness.maxMs, 0);
  assert.equal(clock.pending, 0);
});
