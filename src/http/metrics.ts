/**
 * What is counted, for Prometheus at `GET /metrics` and, where `OTEL_DENO=true`, for OpenTelemetry.
 * Signaling reports through SignalingObserver, webhooks through WebhookObserver; sizes are read when
 * somebody asks.
 */
import process from "node:process";
import { type Counter as OtelCounter, type Meter, metrics as otel } from "@opentelemetry/api";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Cancel, Clock } from "../base/mod.ts";
import type { ErrorCode } from "../protocol/mod.ts";
import type { FrameDrop, SignalingObserver } from "../signaling/mod.ts";
import type { WebhookObserver, WebhookOutcome } from "../webhooks/mod.ts";
import { RelayMetrics } from "./relay_metrics.ts";
import { type MediaMetricsSource, registerMediaMetrics } from "./media_metrics.ts";
import { registerStreamMetrics, type StreamMetricsSource } from "./stream_metrics.ts";
import { registerTurnMetrics, type TurnMetricsSource } from "./turn_metrics.ts";

/** How often the drift of the event loop is measured: often enough for a p99, and no load. */
const DRIFT_PERIOD_MS = 100;
/** How many of the last drifts the p99 is taken of: those of half a minute. */
const KEPT_DRIFTS = 300;
/** Bounds of the fan-out histogram in seconds: from one small room to a stall people notice. */
const FAN_OUT_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2];

/** What the gauges read when somebody asks. */
export type MetricsSource = {
  readonly connections: () => number;
  readonly rooms: () => number;
  readonly participants: () => number;
  readonly reservedCodes: () => number;
  readonly sockets: () => number;
  readonly sessions: () => number;
  readonly keptSeats: () => number;
  readonly timers: () => number;
  readonly relayViewers: () => number;
  readonly pictureWatchers: () => number;
};

/** Messages of one type and direction since the start. */
type Tally = { readonly labels: { type: string; direction: "in" | "out" }; count: number };

/** The registry of one server. */
export class Metrics implements SignalingObserver, WebhookObserver {
  readonly #registry = new Registry();
  readonly #errors: Counter<"code">;
  readonly #opened: Counter;
  readonly #closed: Counter;
  readonly #fanOut: Histogram;
  readonly #webhooks: Counter<"outcome">;
  readonly #otelErrors: OtelCounter;
  readonly #received = new Map<string, Tally>();
  readonly #sent = new Map<string, Tally>();
  readonly #relay: RelayMetrics;
  readonly #stopDrift: Cancel;
  #maxDriftMs = 0;
  /** The last drifts; the oldest is overwritten. */
  readonly #drifts: number[] = [];
  #driftCount = 0;

  /** Starts to measure the drift; {@linkcode close} stops it. */
  constructor(clock: Clock) {
    const registers = [this.#registry];
    this.#errors = new Counter({
      name: "signalbox_errors_total",
      help: "Errors answered, by code",
      labelNames: ["code"],
      registers,
    });
    this.#opened = new Counter({
      name: "signalbox_connections_opened_total",
      help: "Connections that were opened",
      registers,
    });
    this.#closed = new Counter({
      name: "signalbox_connections_closed_total",
      help: "Connections that are gone",
      registers,
    });
    this.#fanOut = new Histogram({
      name: "signalbox_fan_out_seconds",
      help: "From the arrival of a request to the hand-over of its broadcast to the sockets",
      buckets: FAN_OUT_BUCKETS,
      registers,
    });
    this.#webhooks = new Counter({
      name: "signalbox_webhooks_total",
      help: "Events for webhooks by what became of them, once a URL",
      labelNames: ["outcome"],
      registers,
    });
    this.#relay = new RelayMetrics(this.#registry);
    const meter = otel.getMeter("signalbox");
    this.#otelErrors = meter.createCounter("signalbox.errors", { description: "Errors by code" });
    this.#exposeMessages(meter);
    this.#stopDrift = this.#measureDrift(clock);
  }

  /** Has the sizes of `source` read at each request for the metrics. */
  observe(source: MetricsSource): void {
    this.#gauge("signalbox_connections", "Connections now", source.connections);
    this.#gauge("signalbox_rooms", "Rooms now", source.rooms);
    this.#gauge("signalbox_participants", "Participants of all rooms now", source.participants);
    this.#gauge("signalbox_sockets", "Open sockets, closing ones included", source.sockets);
    this.#gauge("signalbox_sessions", "Stays, of lost connections too", source.sessions);
    this.#gauge("signalbox_kept_seats", "Seats kept for lost connections", source.keptSeats);
    this.#gauge("signalbox_reserved_codes", "Codes of rooms to come", source.reservedCodes);
    this.#gauge("signalbox_timers", "Timers that wait, and those that repeat", source.timers);
    this.#gauge("signalbox_relay_viewers", "Who gets frames over the socket", source.relayViewers);
    this.#gauge(
      "signalbox_picture_watchers",
      "Who watches single pictures",
      source.pictureWatchers,
    );
    const bytes = (read: (usage: Deno.MemoryUsage) => number) => () => read(Deno.memoryUsage());
    this.#gauge("signalbox_memory_resident_bytes", "Resident memory", bytes(({ rss }) => rss));
    this.#exposeCpu();
    this.#gauge("signalbox_memory_heap_bytes", "JavaScript heap", bytes((usage) => usage.heapUsed));
    this.#gauge(
      "signalbox_event_loop_drift_seconds",
      "Largest delay of a timer since the last time this was read",
      () => {
        const drift = this.#maxDriftMs / 1000;
        this.#maxDriftMs = 0;
        return drift;
      },
    );
    this.#gauge(
      "signalbox_event_loop_drift_p99_seconds",
      "Delay that 99 % of the timers of the last half minute did not exceed",
      () => percentile(this.#drifts, 0.99) / 1000,
    );
  }

  /** Has the media plane asked at each request for the metrics. */
  observeMedia(source: MediaMetricsSource): void {
    registerMediaMetrics(this.#registry, source);
  }

  /** Has those counted who watch pictures over HTTP, and what they get. */
  observeStreams(source: StreamMetricsSource): void {
    registerStreamMetrics(this.#registry, source);
  }

  /** Has the embedded TURN server's counts asked for at each request for the metrics. */
  observeTurn(counts: TurnMetricsSource): void {
    registerTurnMetrics(this.#registry, counts);
  }

  /** The exposition format of Prometheus, and its content type. */
  async expose(): Promise<{ body: string; contentType: string }> {
    return { body: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }

  /** Stops the measurement of the drift. */
  close(): void {
    this.#stopDrift();
  }

  /** See SignalingObserver. */
  connectionOpened(): void {
    this.#opened.inc();
  }

  /** See SignalingObserver. */
  connectionClosed(): void {
    this.#closed.inc();
  }

  /** See SignalingObserver. */
  messageReceived(type: string): void {
    count(this.#received, { type, direction: "in" }, 1);
  }

  /** See SignalingObserver. */
  messageSent(type: string, receivers: number): void {
    count(this.#sent, { type, direction: "out" }, receivers);
  }

  /** See SignalingObserver. */
  errorRaised(code: ErrorCode): void {
    this.#errors.inc({ code });
    this.#otelErrors.add(1, { code });
  }

  /** See SignalingObserver. */
  fannedOut(durationMs: number): void {
    this.#fanOut.observe(durationMs / 1000);
  }

  /** See SignalingObserver. */
  frameReceived(bytes: number): void {
    this.#relay.received(bytes);
  }

  /** See SignalingObserver. */
  frameSent(bytes: number): void {
    this.#relay.sent(bytes);
  }

  /** See SignalingObserver. */
  framesDropped(why: FrameDrop, count: number): void {
    this.#relay.dropped(why, count);
  }

  /** See WebhookObserver. */
  webhookSettled(outcome: WebhookOutcome): void {
    this.#webhooks.inc({ outcome });
  }

  /** Messages are counted by hand and handed over when somebody asks: they come by the thousand. */
  #exposeMessages(meter: Meter): void {
    const tallies = () => [...this.#received.values(), ...this.#sent.values()];
    new Counter({
      name: "signalbox_messages_total",
      help: "Messages by type and direction; a broadcast counts once a receiver",
      labelNames: ["type", "direction"],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { labels, count } of tallies()) this.inc(labels, count);
      },
    });
    const counter = meter.createObservableCounter("signalbox.messages", {
      description: "Messages by type and direction; a broadcast counts once a receiver",
    });
    counter.addCallback((result) => {
      for (const { labels, count } of tallies()) result.observe(count, labels);
    });
  }

  /** Under the name that Prometheus' own libraries use, so that any dashboard knows it. */
  #exposeCpu(): void {
    new Counter({
      name: "process_cpu_seconds_total",
      help: "CPU time of this process",
      registers: [this.#registry],
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  #measureDrift(clock: Clock): Cancel {
    // node:perf_hooks reports no event-loop delay under Deno, so a timer watches itself.
    let expected = clock.elapsed() + DRIFT_PERIOD_MS;
    return clock.every(DRIFT_PERIOD_MS, () => {
      const now = clock.elapsed();
      const driftMs = Math.max(0, now - expected);
      this.#maxDriftMs = Math.max(this.#maxDriftMs, driftMs);
      this.#drifts[this.#driftCount++ % KEPT_DRIFTS] = driftMs;
      expected = now + DRIFT_PERIOD_MS;
    });
  }
}

/** The value that `share` of all do not exceed; 0 of none. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function count(tallies: Map<string, Tally>, labels: Tally["labels"], more: number): void {
  const known = tallies.get(labels.type);
  if (known !== undefined) known.count += more;
  else tallies.set(labels.type, { labels, count: more });
}
