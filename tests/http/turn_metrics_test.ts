/** The embedded TURN server as metrics. */
import assert from "node:assert/strict";
import { Metrics } from "../../src/http/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("Metrics tells of the TURN server what it counts, anew each time", async () => {
  const metrics = new Metrics(new FakeClock());
  let counts = { allocations: 2, relayedBytes: 100 };
  metrics.observeTurn(() => counts);

  const first = (await metrics.expose()).body;
  counts = { allocations: 0, relayedBytes: 250 };
  const second = (await metrics.expose()).body;

  assert.match(first, /^signalbox_turn_allocations 2$/m);
  assert.match(first, /^signalbox_turn_relayed_bytes_total 100$/m);
  assert.match(second, /^signalbox_turn_allocations 0$/m);
  assert.match(second, /^signalbox_turn_relayed_bytes_total 250$/m);
  metrics.close();
});

Deno.test("Metrics without a TURN server says nothing of one", async () => {
  const metrics = new Metrics(new FakeClock());

  assert.doesNotMatch((await metrics.expose()).body, /_turn_/);
  metrics.close();
});
