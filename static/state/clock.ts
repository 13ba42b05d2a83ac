/**
 * Time as the page's logic sees it, so that a test can turn the hands itself. The browser's own is
 * in `browser/page_clock.ts`; the shape is the one of the server's clock, as far as it is needed.
 */

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
}
