/**
 * The times of a run's media. One clock for all users, so that a packet's delay is a difference; and
 * the time in which the tester was there to look: what it could not read meanwhile is not late.
 */
import type { Cancel, Clock } from "../../src/base/mod.ts";

/** The longest turn that a tester takes which keeps up. */
const LONGEST_TURN_MS = 50;
/** What waited during a longer one is read by then. */
const CATCH_UP_MS = 200;

/** The times of a run. */
export class RunTime {
  readonly #clock: Clock;
  /** Milliseconds since the Unix epoch when the clock was at 0: one offset for all reports. */
  readonly #epochMs: number;
  #lookedAt: number;
  #attentive = 0;
  #behindAt = Number.NEGATIVE_INFINITY;

  /** Begins now. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lookedAt = clock.elapsed();
    this.#epochMs = clock.now() - this.#lookedAt;
  }

  /** Milliseconds of a clock that never goes back. */
  get now(): number {
    return this.#clock.elapsed();
  }

  /** Milliseconds in which the tester kept up; they stand still while it does not get its turn. */
  get attentive(): number {
    return this.#attentive;
  }

  /** Whether the tester reads now what came a while ago: it says nothing of the path. */
  get isBehind(): boolean {
    const now = this.now;
    return now - this.#lookedAt > LONGEST_TURN_MS || now - this.#behindAt < CATCH_UP_MS;
  }

  /** `at` of {@linkcode now} since the Unix epoch. */
  epochOf(at: number): number {
    return this.#epochMs + at;
  }

  /** Calls `callback` once, in so many milliseconds. */
  after(delayMs: number, callback: () => void): Cancel {
    return this.#clock.after(delayMs, callback);
  }

  /** The tester has its turn; to be called often. */
  look(): void {
    const now = this.now;
    const turnMs = now - this.#lookedAt;
    if (turnMs > LONGEST_TURN_MS) this.#behindAt = now;
    this.#attentive += Math.min(LONGEST_TURN_MS, turnMs);
    this.#lookedAt = now;
  }
}
