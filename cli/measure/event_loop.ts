/**
 * How late the harness itself runs: a tester that is busy delivers its own lateness as the server's
 * latency. The simulation runs one of these beside everything else, and the report says when the
 * figures are the tester's. (node:perf_hooks' monitorEventLoopDelay is wrong under Deno.)
 */
import type { Cancel, Clock } from "../../src/base/mod.ts";
import { Histogram } from "./histogram.ts";

/** Often enough to notice a long turn, rarely enough to cost nothing. */
const PERIOD_MS = 20;

/** Measures by how much a timer is late, until stopped. */
export class EventLoopProbe {
  /** The lateness of each tick. */
  readonly lateness: Histogram = new Histogram();
  readonly #clock: Clock;
  #cancel: Cancel = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins to measure. */
  start(): void {
    const dueAt = this.#clock.elapsed() + PERIOD_MS;
    this.#cancel = this.#clock.after(PERIOD_MS, () => {
      this.lateness.record(Math.max(0, this.#clock.elapsed() - dueAt));
      this.start();
    });
  }

  /** Stops; what was measured stays. */
  stop(): void {
    this.#cancel();
  }
}
