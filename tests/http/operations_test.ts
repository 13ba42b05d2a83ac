/** What operators ask, without a port. */
import assert from "node:assert/strict";
import { withApp } from "../support/app_fixture.ts";

Deno.test(
  "handler answers health, readiness and metrics",
  withApp([], async (send) => {
    assert.equal((await (await send("/healthz")).json()).status, "ok");
    assert.equal((await (await send("/readyz")).json()).status, "ready");
    const metrics = await (await send("/metrics")).text();
    for (
      const name of [
        "connections",
        "rooms",
        "participants",
        "memory_resident_bytes",
        "event_loop_drift_seconds",
        "event_loop_drift_p99_seconds",
        "sockets 0",
        "sessions 0",
        "kept_seats 0",
        "reserved_codes 0",
        "timers 1",
        "fan_out_seconds_bucket",
      ]
    ) assert.ok(metrics.includes(`signalbox_${name}`), name);
  }),
);

Deno.test(
  "handler serves what it speaks at /schema and /openapi.json",
  withApp([], async (send) => {
    assert.equal((await (await send("/schema")).json()).asyncapi, "3.0.0");
    assert.equal((await (await send("/openapi.json")).json()).openapi, "3.1.0");
  }),
);
