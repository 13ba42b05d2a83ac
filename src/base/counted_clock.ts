/**
 * A clock that knows how many of its timers wait, so that an operator sees a timer that nobody
 * cancels. The application runs on one; the metrics read it.
 */
import type { Cancel, Clock } from "./clock.ts";

/** The time of another clock, with its timers counted. */
export class CountedClock implements Clock {
  readonly #clock: Clock;
  #pending = 0;

  /** Counts what is scheduled through it, not what `clock` runs for others. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many timers wait or repeat; the end of a turn is no timer. */
  get pending(): number {
    return this.#pending;
  }

  /** See Clock. */
  now(): number {
    return this.#clock.now();
  }

  /** See Clock. */
  elapsed(): number {
    return this.#clock.elapsed();
  }

  /** See Clock. */
  after(delayMs: number, callback: () => void): Cancel {
    const discount = this.#count();
    const cancel = this.#clock.after(delayMs, () => {
      discount();
      callback();
    });
    return () => {
      discount();
      cancel();
    };
  }

  /** See Clock. */
  every(periodMs: number, callback: () => void): Cancel {
    const discount = this.#count();
    const cancel = this.#clock.every(periodMs, callback);
    return () => {
      discount();
      cancel();
    };
  }

  /** See Clock. */
  afterTurn(callback: () => void): Cancel {
    return this.#clock.afterTurn(callback);
  }

  /** Counts one more. Returns how to count it no more, once. */
  #count(): () => void {
    this.#pending++;
    let isCounted = true;
    return () => {
      if (isCounted) this.#pending--;
      isCounted = false;
    };
  }
}
