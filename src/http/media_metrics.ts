/**
 * What the media plane counts, as metrics: sizes, and packets each way. The plane is asked once a
 * scrape; one that does not answer in time shows what it had counted before.
 */
import { Counter, Gauge, type Registry } from "prom-client";
import type { Clock } from "../base/mod.ts";
import type { MediaPlane, MediaPlaneStats, StreamCounters } from "../media/port.ts";
import type { SessionKind } from "./media_sessions.ts";

/** A scrape waits for the plane this long; Prometheus itself gives up after 10 s. */
const ANSWER_MS = 2_000;

/** Where the numbers come from. */
export type MediaMetricsSource = {
  readonly plane: MediaPlane;
  readonly clock: Clock;
  /** Sessions over HTTP now. */
  readonly sessions: (kind: SessionKind) => number;
};

const NO_COUNTERS: StreamCounters = {
  ...{ packets: 0, bytes: 0, lost: 0, nacks: 0, plis: 0, retransmitted: 0 },
};
const NO_STATS: MediaPlaneStats = {
  ...{ processes: 0, rooms: 0, connections: 0, publications: 0, subscriptions: 0, restarts: 0 },
  received: NO_COUNTERS,
  sent: NO_COUNTERS,
};

/** Sizes, by the key of the plane's statistics. */
const GAUGES = {
  processes: "Processes that carry media now",
  rooms: "Rooms whose media go through the server now",
  connections: "Connections for media now, WHIP and WHEP included",
  publications: "Tracks that participants send now",
  subscriptions: "Tracks that participants receive now",
} as const;
/** What is counted of packets, by the key of the counters. */
const COUNTERS = {
  packets: "Packets of media",
  bytes: "Bytes of these packets",
  lost: "Packets that the receiving side missed",
  nacks: "Negative acknowledgements of packets, those of the receiving side",
  plis: "Picture loss indications of the receiving side",
  retransmitted: "Packets that went again",
} as const;

/** Adds the metrics to `registry`. */
export function registerMediaMetrics(registry: Registry, source: MediaMetricsSource): void {
  const registers = [registry];
  const read = sharedReading(source);
  for (const key of Object.keys(GAUGES) as (keyof typeof GAUGES)[]) { // The table's own keys.
    new Gauge({
      name: `signalbox_media_${key}`,
      help: GAUGES[key],
      registers,
      async collect() {
        this.set((await read())[key]);
      },
    });
  }
  for (const key of Object.keys(COUNTERS) as (keyof typeof COUNTERS)[]) { // The table's own keys.
    new Counter({
      name: `signalbox_media_${key}_total`,
      help: `${COUNTERS[key]}, by direction seen from the server`,
      labelNames: ["direction"],
      registers,
      async collect() {
        const { received, sent } = await read();
        this.reset();
        this.inc({ direction: "in" }, received[key]);
        this.inc({ direction: "out" }, sent[key]);
      },
    });
  }
  new Counter({
    name: "signalbox_media_restarts_total",
    help: "Processes that carried media, died and were replaced",
    registers,
    async collect() {
      const { restarts } = await read();
      this.reset();
      this.inc(restarts);
    },
  });
  new Gauge({
    name: "signalbox_media_sessions",
    help: "Sessions of WHIP and WHEP now",
    labelNames: ["kind"],
    registers,
    collect() {
      for (const kind of ["whip", "whep"] as const) this.set({ kind }, source.sessions(kind));
    },
  });
}

/** One question for all metrics of a scrape; they ask in the same turn. */
function sharedReading({ plane, clock }: MediaMetricsSource): () => Promise<MediaPlaneStats> {
  let last = NO_STATS;
  let pending: Promise<MediaPlaneStats> | undefined;
  const ask = async () => {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const cancel = clock.after(ANSWER_MS, () => resolve(undefined));
    last = await Promise.race([plane.stats(), late]) ?? last;
    cancel();
    pending = undefined;
    return last;
  };
  return () => pending ??= ask();
}
