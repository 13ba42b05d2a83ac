/** The counters of frames over the socket, as Prometheus reads them. */
import assert from "node:assert/strict";
import { Registry } from "prom-client";
import { RelayMetrics } from "../../src/http/relay_metrics.ts";

Deno.test("RelayMetrics gives out what was counted, whenever it is asked", async () => {
  const registry = new Registry();
  const metrics = new RelayMetrics(registry);
  metrics.received(100);
  metrics.sent(100);
  metrics.sent(20);
  metrics.dropped("rate", 1);
  metrics.dropped("reader", 3);
  await registry.metrics();
  metrics.received(11);

  const lines = (await registry.metrics()).split("\n").filter((line) => line.startsWith("signal"));

  assert.deepEqual(lines, [
    'signalbox_relay_frames_total{direction="in"} 2',
    'signalbox_relay_frames_total{direction="out"} 2',
    'signalbox_relay_bytes_total{direction="in"} 111',
    'signalbox_relay_bytes_total{direction="out"} 120',
    'signalbox_relay_dropped_total{why="rate"} 1',
    'signalbox_relay_dropped_total{why="reader"} 3',
  ]);
});
