/**
 * How busy the tester's own thread is. At a full core it reads late what came in time, so the report
 * has to say that the tester was the limit and not the server. (Its garbage collections are part of
 * it; Deno reports them to nobody.)
 */
import process from "node:process";
import type { Cancel, Clock } from "../../src/base/mod.ts";

/** The kernel counts CPU time in steps of up to 10 ms, so shorter samples are mostly noise. */
const PERIOD_MS = 500;
/** From here on a thread has no time left to wait for anything. */
const BUSY = 0.9;

/** CPU time of a thread, in microseconds. */
export type ReadCpuUs = () => number;

/** How busy a thread was. */
export type CpuUse = {
  /** CPU time over time: 1 is a whole core. */
  readonly share: number;
  /** The share of the samples in which the core was full. */
  readonly fullShare: number;
};

/** Measures one thread until stopped. */
export class CpuProbe {
  readonly #clock: Clock;
  readonly #readUs: ReadCpuUs;
  #startedAt = 0;
  #startedUs = 0;
  #samples = 0;
  #full = 0;
  #usedMs = 0;
  #elapsedMs = 0;
  #cancel: Cancel = () => {};

  constructor(clock: Clock, readUs: ReadCpuUs = threadCpuUs) {
    this.#clock = clock;
    this.#readUs = readUs;
  }

  /** Begins to measure. */
  start(): void {
    this.#startedAt = this.#clock.elapsed();
    this.#startedUs = this.#readUs();
    let lastAt = this.#startedAt;
    let lastUs = this.#startedUs;
    this.#cancel = this.#clock.every(PERIOD_MS, () => {
      const at = this.#clock.elapsed();
      const us = this.#readUs();
      this.#samples++;
      if ((us - lastUs) / 1_000 >= BUSY * (at - lastAt)) this.#full++;
      [lastAt, lastUs] = [at, us];
    });
  }

  /** Stops; what was measured stays. */
  stop(): void {
    this.#cancel();
    this.#usedMs = (this.#readUs() - this.#startedUs) / 1_000;
    this.#elapsedMs = this.#clock.elapsed() - this.#startedAt;
  }

  /** How busy the thread was between start and stop. */
  get use(): CpuUse {
    return {
      share: this.#elapsedMs > 0 ? this.#usedMs / this.#elapsedMs : 0,
      fullShare: this.#samples > 0 ? this.#full / this.#samples : 0,
    };
  }
}

/** CPU time of the calling thread so far. */
export function threadCpuUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
