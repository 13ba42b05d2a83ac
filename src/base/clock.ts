/**
 * Time as a value. Everything that waits, repeats or dates something takes a {@linkcode Clock}, so
 * a test can hand it {@linkcode FakeClock} and turn the hands itself. The only module of the server
 * that touches timers and dates.
 */
import { clearImmediate, setImmediate } from "node:timers";

/** Cancels what a {@linkcode Clock} has scheduled; calling it again does nothing. */
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
  /** Calls `callback` when the present turn of the event loop has handled its input. */
  afterTurn(callback: () => void): Cancel;
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
  afterTurn(callback) {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  },
};
