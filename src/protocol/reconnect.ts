/**
 * How long a client waits before another attempt: it grows, and it is jittered (rule CO9). The page
 * and the CLI share it; pure, so the page can carry it.
 */

/** First pause: short enough that a restart of the server goes almost unnoticed. */
export const FIRST_PAUSE_MS = 500;
/** Longest pause: somebody who waits for a server wants word within half a minute. */
export const LONGEST_PAUSE_MS = 30_000;

/** What bounds a pause. */
export interface PauseOptions {
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number;
  /** The server asked for at least this long (rule ER4). Default 0. */
  readonly floorMs?: number;
}

/**
 * The pause before attempt `attempt` (1 is the first): half of it fixed, half random, doubling up to
 * {@linkcode LONGEST_PAUSE_MS}. The random half keeps a thousand pages from coming back in step.
 */
export function pauseBeforeAttempt(attempt: number, options: PauseOptions): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, attempt - 1));
  const jittered = full / 2 + options.random() * (full / 2);
  // Above the server's floor the jitter stays, or everybody would return in the same instant.
  return Math.round((options.floorMs ?? 0) + jittered);
}
