/**
 * What the server spends while it is tested: CPU and memory, read a few times over the run from
 * where it tells them. Of a server that tells neither nothing is known, and the report says so by
 * leaving it out.
 */
import type { Cancel, Clock } from "../../src/base/mod.ts";

/** A reading of a server. */
export type ServerReading = {
  /** CPU time so far, in seconds. */
  readonly cpuSeconds?: number;
  readonly rssBytes?: number;
};

/** What a server spent over the run. */
export type ServerUse = {
  /** CPU time over time: 1 is a whole core. */
  readonly cpuShare?: number;
  /** The largest resident memory seen. */
  readonly maxRssBytes?: number;
};

/** Asks a server once; never rejects. */
export type ReadServer = () => Promise<ServerReading>;

const PERIOD_MS = 1_000;
/** Metrics that come later than this are not worth the wait. */
const TIMEOUT_MS = 2_000;

/** Watches a server until stopped. */
export class ServerUsage {
  readonly #read: ReadServer;
  readonly #clock: Clock;
  #cancel: Cancel = () => {};
  #first: ServerReading = {};
  #startedAt = 0;
  #maxRssBytes: number | undefined;

  constructor(read: ReadServer, clock: Clock) {
    this.#read = read;
    this.#clock = clock;
  }

  /** Takes the first reading, and then one now and then. */
  async start(): Promise<void> {
    this.#first = await this.#take();
    this.#startedAt = this.#clock.elapsed();
    this.#cancel = this.#clock.every(PERIOD_MS, () => void this.#take());
  }

  /** Takes the last reading; what the server spent since the first. */
  async stop(): Promise<ServerUse> {
    this.#cancel();
    const { cpuSeconds } = await this.#take();
    const seconds = (this.#clock.elapsed() - this.#startedAt) / 1_000;
    const before = this.#first.cpuSeconds;
    const isKnown = before !== undefined && cpuSeconds !== undefined && seconds > 0;
    return {
      ...(isKnown ? { cpuShare: (cpuSeconds - before) / seconds } : {}),
      ...(this.#maxRssBytes === undefined ? {} : { maxRssBytes: this.#maxRssBytes }),
    };
  }

  async #take(): Promise<ServerReading> {
    const reading = await this.#read();
    const { rssBytes } = reading;
    if (rssBytes !== undefined) this.#maxRssBytes = Math.max(this.#maxRssBytes ?? 0, rssBytes);
    return reading;
  }
}

/** Reads `/metrics` of a server. */
export function metricsReader(url: string, clock: Clock): ReadServer {
  return async () => {
    const controller = new AbortController();
    const cancel = clock.after(TIMEOUT_MS, () => controller.abort());
    try {
      const response = await fetch(url, { signal: controller.signal });
      const text = await response.text();
      return response.ok ? readMetrics(text) : {};
    } catch {
      return {}; // No metrics, or none that come in time: they are left out.
    } finally {
      cancel();
    }
  };
}

/** What Prometheus' text format says of a process; other programs' names count too. */
export function readMetrics(text: string): ServerReading {
  const valueOf = (name: string) => {
    const match = new RegExp(`^${name}(?:\\{[^}]*\\})? ([0-9.eE+-]+)`, "m").exec(text);
    const value = Number(match?.[1] ?? NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const cpuSeconds = valueOf("process_cpu_seconds_total");
  const rssBytes = valueOf("process_resident_memory_bytes") ??
    valueOf("signalbox_memory_resident_bytes");
  return {
    ...(cpuSeconds === undefined ? {} : { cpuSeconds }),
    ...(rssBytes === undefined ? {} : { rssBytes }),
  };
}
