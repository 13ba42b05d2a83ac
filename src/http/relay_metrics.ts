/**
 * Frames over the socket, counted: what came, what went out, what was dropped. `metrics.ts` has one
 * and hands over what signaling reports. Counted by hand and given out when somebody asks, because
 * frames come by the thousand.
 */
import { Counter, type Registry } from "prom-client";
import type { FrameDrop } from "../signaling/mod.ts";

/** The counters of the relay. */
export class RelayMetrics {
  readonly #frames = { in: 0, out: 0 };
  readonly #bytes = { in: 0, out: 0 };
  readonly #dropped: Record<FrameDrop, number> = { rate: 0, reader: 0 };

  /** Nothing was counted yet; `registry` gives it out. */
  constructor(registry: Registry) {
    expose(registry, this.#frames, {
      name: "signalbox_relay_frames_total",
      help: "Frames over the socket, by direction; one out for each receiver",
      labelNames: ["direction"],
    });
    expose(registry, this.#bytes, {
      name: "signalbox_relay_bytes_total",
      help: "Bytes of those frames, by direction",
      labelNames: ["direction"],
    });
    expose(registry, this.#dropped, {
      name: "signalbox_relay_dropped_total",
      help: "Frames dropped for their sender's rate, or for a receiver that was behind",
      labelNames: ["why"],
    });
  }

  /** A frame has come. */
  received(bytes: number): void {
    this.#frames.in++;
    this.#bytes.in += bytes;
  }

  /** A frame went to one receiver. */
  sent(bytes: number): void {
    this.#frames.out++;
    this.#bytes.out += bytes;
  }

  /** Frames were dropped. */
  dropped(why: FrameDrop, count: number): void {
    this.#dropped[why] += count;
  }
}

/** Has a counter with one label read `counts` when somebody asks. */
function expose(
  registry: Registry,
  counts: Readonly<Record<string, number>>,
  { labelNames, ...words }: { name: string; help: string; labelNames: [string] },
): void {
  const [label] = labelNames;
  new Counter({
    ...words,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const [value, count] of Object.entries(counts)) this.inc({ [label]: value }, count);
    },
  });
}
