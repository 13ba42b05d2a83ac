/**
 * Reads how a server is: what its metrics tell, and how many files its process holds open. The soak
 * takes a sample every few seconds, and several while nobody is there.
 */
import type { Clock } from "../../src/base/mod.ts";
import { Exposition } from "./exposition.ts";

/** The server at one moment. */
export type Sample = {
  /** Since the run began. */
  readonly atMs: number;
  readonly connections: number;
  readonly sockets: number;
  readonly rooms: number;
  readonly participants: number;
  /** Stays, those of lost connections included. */
  readonly stays: number;
  readonly reservedCodes: number;
  readonly timers: number;
  readonly residentMb: number;
  readonly heapMb: number;
  /** Open files of the process; `undefined` where the system does not tell (no `/proc`). */
  readonly descriptors: number | undefined;
  /** The p99 of the last half minute. */
  readonly driftMs: number;
  /** Received and sent since the start; a broadcast counts once a receiver. */
  readonly messages: number;
  /** Errors since the start, by code. */
  readonly errors: Readonly<Record<string, number>>;
};

/** The process that is sampled. */
export type SampledServer = { readonly address: string; readonly pid: number };

/** Samples one server. */
export class Sampler {
  readonly #server: SampledServer;
  readonly #clock: Clock;
  readonly #startedAt: number;

  /** The run begins now. */
  constructor(server: SampledServer, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
    this.#startedAt = clock.elapsed();
  }

  /** How long the run has taken so far. */
  get elapsedMs(): number {
    return this.#clock.elapsed() - this.#startedAt;
  }

  /** One sample. Rejects when the server does not answer, or without a metric. */
  async read(): Promise<Sample> {
    const response = await fetch(`${this.#server.address}/metrics`);
    const metrics = new Exposition(await response.text());
    const gauge = (name: string) => metrics.value(`signalbox_${name}`);
    const byDirection = metrics.byLabel("signalbox_messages_total", "direction");
    return {
      atMs: this.elapsedMs,
      connections: gauge("connections"),
      sockets: gauge("sockets"),
      rooms: gauge("rooms"),
      participants: gauge("participants"),
      stays: gauge("sessions"),
      reservedCodes: gauge("reserved_codes"),
      timers: gauge("timers"),
      residentMb: gauge("memory_resident_bytes") / 1e6,
      heapMb: gauge("memory_heap_bytes") / 1e6,
      descriptors: await openFiles(this.#server.pid),
      driftMs: gauge("event_loop_drift_p99_seconds") * 1_000,
      messages: (byDirection.in ?? 0) + (byDirection.out ?? 0),
      errors: metrics.byLabel("signalbox_errors_total", "code"),
    };
  }
}

/** Deno lets a program read `/proc` only with all permissions; one that it may run can do so. */
async function openFiles(pid: number): Promise<number | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const { success, stdout } = await new Deno.Command("ls", {
    args: [`/proc/${pid}/fd`],
    stderr: "null",
  }).output();
  return success ? new TextDecoder().decode(stdout).trim().split("\n").length : undefined;
}
