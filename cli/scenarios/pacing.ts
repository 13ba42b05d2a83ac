/**
 * Doing one thing for each of many users: at given times, at a given rate, or as fast as a bounded
 * number at once allows. The steps of the simulation share it.
 *
 * At given times and at a rate the load is open: an action starts when it is due, whether the ones
 * before it were answered or not, and it is told when it was due, so that what it measures counts
 * from there. (A closed loop waits with a slow server and then reports few and short latencies:
 * coordinated omission.)
 */
import { pause, type WaitOptions } from "./waiting.ts";

/** Actions under way at once when no rate is given: enough to saturate, few enough to measure. */
const AT_ONCE = 64;

/** Late actions that are started in one turn of the event loop: the answers must be read as well. */
const LATE_AT_ONCE = 16;

type Timing = Pick<WaitOptions, "clock" | "signal">;

/** Does one thing for `item`; `dueAt` is when it had to start, by the monotonic clock. */
export type PacedAction<T> = (item: T, dueAt: number) => Promise<void>;

/**
 * Waits until it is time for action number `index`; late ones come at once, but in small turns.
 * Resolves to the time from which its latency counts.
 */
export function untilDue(
  index: number,
  options: Timing & { startedAt: number; perSecond: number },
): Promise<number> {
  const { startedAt, perSecond } = options;
  return untilTime(startedAt + (index / perSecond) * 1_000, { ...options, index });
}

/** Runs `action` for each item; `perSecond` paces the starts. Rejects with the first rejection. */
export async function forEachPaced<T>(
  items: readonly T[],
  action: PacedAction<T>,
  options: Timing & { perSecond: number | undefined },
): Promise<void> {
  const { perSecond, clock } = options;
  if (perSecond !== undefined) {
    const times = items.map((_, index) => (index / perSecond) * 1_000);
    return await forEachAt(items, action, { ...options, times });
  }
  let next = 0;
  const runner = async () => {
    while (next < items.length && !options.signal.aborted) {
      await action(items[next++]!, clock.elapsed());
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, runner));
}

/** Starts `action` for item number `i` at `times[i]` from now, without waiting for those before. */
export async function forEachAt<T>(
  items: readonly T[],
  action: PacedAction<T>,
  options: Timing & { times: readonly number[] },
): Promise<void> {
  const startedAt = options.clock.elapsed();
  const running: Promise<void>[] = [];
  let failure: { readonly error: unknown } | undefined;
  for (let index = 0; index < items.length && failure === undefined; index++) {
    const dueAt = await untilTime(startedAt + options.times[index]!, { ...options, index });
    if (failure !== undefined) break;
    running.push(
      action(items[index]!, dueAt).catch((error) => {
        failure ??= { error };
      }),
    );
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure.error;
}

/** Timers are a millisecond coarse, so an action may start that early: then its start counts. */
async function untilTime(dueAt: number, options: Timing & { index: number }): Promise<number> {
  const { clock, index } = options;
  const waitMs = dueAt - clock.elapsed();
  if (waitMs > 1) await pause(waitMs, options);
  else if (index % LATE_AT_ONCE === 0) await pause(0, options);
  return Math.min(dueAt, clock.elapsed());
}
