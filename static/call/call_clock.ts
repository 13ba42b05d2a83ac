/**
 * Time as a call sees it. It stands by itself because what is read outside the browser needs it too,
 * where the types of WebRTC are not known.
 */

/** The time and its timers. */
export interface CallClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back; for durations only. */
  elapsed(): number;
  /** Calls `callback` once, `delayMs` milliseconds from now; what it returns cancels that. */
  after(delayMs: number, callback: () => void): () => void;
}
