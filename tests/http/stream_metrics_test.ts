/** Pictures over HTTP, as Prometheus reads them. */
import assert from "node:assert/strict";
import { Registry } from "prom-client";
import { registerStreamMetrics } from "../../src/http/stream_metrics.ts";

Deno.test("registerStreamMetrics shows who watches and what went out, as they are when asked", async () => {
  const registry = new Registry();
  const counts = { sent: 3, bytes: 4_000, skipped: 2 };
  registerStreamMetrics(registry, { count: (form) => form === "jpg" ? 1 : 5, counts });
  const read = async () =>
    (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  await read();
  counts.sent = 4;

  assert.deepEqual(await read(), [
    'signalbox_picture_viewers{form="mjpeg"} 5',
    'signalbox_picture_viewers{form="jpg"} 1',
    "signalbox_pictures_sent_total 4",
    "signalbox_picture_bytes_total 4000",
    "signalbox_pictures_skipped_total 2",
  ]);
});
