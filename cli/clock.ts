/**
 * Time for the harness: what waits, repeats or measures takes a {@linkcode Clock}, so that a test can
 * turn the hands. The only module of the CLI that touches timers and dates; the server has its own.
 */

/** Cancels what was scheduled; calling it again does nothing. */
export type Cancel = () => void;

/** The time and its timers. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back, with a fraction; for durations only. */
  elapsed(): number;
  /** Calls `callback` once, `delayMs` milliseconds from now. */
  after(delayMs: number, callback: () => void): Cancel;
  /** Calls `callback` every `periodMs` milliseconds until cancelled. */
  every(periodMs: number, callback: () => void): Cancel;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, callback) {
    const timer = setInterval(callback, periodMs);
    return () => clearInterval(timer);
  },
};
