/**
 * Waits with a bound and a reason. A condition says why it does not hold yet; when nothing has moved
 * for too long, that sentence is what the run failed of. The steps of the simulation wait with
 * these, so a run can be slow but never hangs.
 */
import type { Clock } from "../../src/base/mod.ts";

/** How often a condition is looked at. */
const POLL_MS = 5;

/** The run was told to stop. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Nothing moved for too long. The message is the reason the condition gave last. */
export class Stalled extends Error {
  override readonly name = "Stalled";
}

/** What a wait goes by. */
export type WaitOptions = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** So long may nothing move. */
  readonly timeoutMs: number;
  /** A number that changes while there is progress; default: only the condition counts. */
  readonly activity?: () => number;
  /** Hears the reason at each look. */
  readonly onWaiting?: (reason: string) => void;
};

/** Resolves after `ms`; rejects with {@linkcode Interrupted} when the run is told to stop. */
export function pause(
  ms: number,
  { clock, signal }: Pick<WaitOptions, "clock" | "signal">,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.reject(new Interrupted("The run was interrupted"));
  const stop = () => {
    cancel();
    reject(new Interrupted("The run was interrupted"));
  };
  const cancel = clock.after(ms, () => {
    signal.removeEventListener("abort", stop);
    resolve();
  });
  signal.addEventListener("abort", stop, { once: true });
  return promise;
}

/**
 * Resolves when `reasonToWait` returns undefined. Rejects with {@linkcode Stalled} when neither the
 * reason nor the activity changed for `timeoutMs`, with {@linkcode Interrupted} when told to stop.
 */
export async function waitUntil(
  reasonToWait: () => string | undefined,
  options: WaitOptions,
): Promise<void> {
  const { clock, timeoutMs, activity = () => 0, onWaiting = () => {} } = options;
  let movedAt = clock.elapsed();
  let last = "";
  for (;;) {
    const reason = reasonToWait();
    if (reason === undefined) return;
    onWaiting(reason);
    const now = clock.elapsed();
    const state = `${reason}/${activity()}`;
    if (state !== last) movedAt = now;
    else if (now - movedAt >= timeoutMs) throw new Stalled(reason);
    last = state;
    await pause(POLL_MS, options);
  }
}
