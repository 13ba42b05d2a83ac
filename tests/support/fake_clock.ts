/**
 * A clock that stands still until a test moves it. `advance(ms)` runs the timers that fall due, in
 * the order of their times; `endTurn()` runs what waits for the end of the event loop's turn.
 */
import type { Cancel, Clock } from "../../src/base/mod.ts";

type Timer = { at: number; periodMs: number | undefined; callback: () => void };

/** The clock of a test: it starts at 2026-01-01T00:00:00Z. */
export class FakeClock implements Clock {
  readonly #startedAt = Date.UTC(2026, 0, 1);
  #elapsedMs = 0;
  readonly #timers = new Set<Timer>();
  readonly #turn = new Set<{ callback: () => void }>();

  now(): number {
    return this.#startedAt + this.#elapsedMs;
  }

  elapsed(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, callback: () => void): Cancel {
    return this.#add({ at: this.#elapsedMs + delayMs, periodMs: undefined, callback });
  }

  every(periodMs: number, callback: () => void): Cancel {
    return this.#add({ at: this.#elapsedMs + periodMs, periodMs, callback });
  }

  afterTurn(callback: () => void): Cancel {
    const waiting = { callback };
    this.#turn.add(waiting);
    return () => this.#turn.delete(waiting);
  }

  /** How many timers wait; 0 proves that an owner cleaned up. */
  get pending(): number {
    return this.#timers.size + this.#turn.size;
  }

  /** Moves the time on and runs every timer that falls due on the way. */
  advance(ms: number): void {
    const end = this.#elapsedMs + ms;
    for (;;) {
      this.endTurn();
      const next = [...this.#timers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#elapsedMs = Math.max(this.#elapsedMs, next.at);
      if (next.periodMs === undefined) this.#timers.delete(next);
      else next.at += next.periodMs;
      next.callback();
    }
    this.#elapsedMs = end;
    this.endTurn();
  }

  /** Lets time pass in which nothing runs, as while the event loop is blocked. */
  stall(ms: number): void {
    this.#elapsedMs += ms;
  }

  /** Ends the present turn of the event loop, and those that its callbacks ask for. */
  endTurn(): void {
    // A Set's iterator meets what is added meanwhile and skips what is deleted.
    for (const waiting of this.#turn) {
      this.#turn.delete(waiting);
      waiting.callback();
    }
  }

  #add(timer: Timer): Cancel {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}
