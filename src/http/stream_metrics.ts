/** Pictures over HTTP as metrics: how many watch, and what they were sent. Read when somebody asks. */
import { Counter, Gauge, type Registry } from "prom-client";
import type { StreamViewers } from "./stream_viewers.ts";

/** Where the numbers come from. */
export type StreamMetricsSource = Pick<StreamViewers, "count" | "counts">;

const COUNTERS = {
  sent: ["signalbox_pictures_sent_total", "Pictures that went to viewers over HTTP"],
  bytes: ["signalbox_picture_bytes_total", "Bytes of these pictures"],
  skipped: ["signalbox_pictures_skipped_total", "Pictures that a slow viewer did not get"],
} as const;

/** Adds the metrics to `registry`. */
export function registerStreamMetrics(registry: Registry, source: StreamMetricsSource): void {
  const registers = [registry];
  new Gauge({
    name: "signalbox_picture_viewers",
    help: "Those who watch pictures over HTTP now",
    labelNames: ["form"],
    registers,
    collect() {
      for (const form of ["mjpeg", "jpg"] as const) this.set({ form }, source.count(form));
    },
  });
  for (const key of Object.keys(COUNTERS) as (keyof typeof COUNTERS)[]) { // The table's own keys.
    const [name, help] = COUNTERS[key];
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(source.counts[key]);
      },
    });
  }
}
