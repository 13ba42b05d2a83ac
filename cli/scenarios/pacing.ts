/**
 * Doing one thing for each of many users: at a given rate, or as fast as a bounded number at once
 * allows. The steps of the simulation share it.
 */
import { pause, type WaitOptions } from "./waiting.ts";

/** Actions under way at once when no rate is given: enough to saturate, few enough to measure. */
const AT_ONCE = 64;

/** Late actions that are started in one turn of the event loop: the answers must be read as well. */
const LATE_AT_ONCE = 16;

/** Waits until it is time for action number `index`; late ones come at once, but in small turns. */
export async function untilDue(
  index: number,
  options: Pick<WaitOptions, "clock" | "signal"> & { startedAt: number; perSecond: number },
): Promise<void> {
  const { clock, startedAt, perSecond } = options;
  const waitMs = startedAt + (index / perSecond) * 1_000 - clock.elapsed();
  if (waitMs > 1) await pause(waitMs, options);
  else if (index % LATE_AT_ONCE === 0) await pause(0, options);
}

/** Runs `action` for each item; `perSecond` paces the starts. Rejects with the first rejection. */
export async function forEachPaced<T>(
  items: readonly T[],
  action: (item: T) => Promise<void>,
  options: Pick<WaitOptions, "clock" | "signal"> & { perSecond: number | undefined },
): Promise<void> {
  const { perSecond } = options;
  if (perSecond !== undefined) return await atRate(items, action, { ...options, perSecond });
  let next = 0;
  const runner = async () => {
    while (next < items.length && !options.signal.aborted) await action(items[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, runner));
}

/** Starts one action after the other, `perSecond` of them, without waiting for each (open loop). */
async function atRate<T>(
  items: readonly T[],
  action: (item: T) => Promise<void>,
  options: Pick<WaitOptions, "clock" | "signal"> & { perSecond: number },
): Promise<void> {
  const startedAt = options.clock.elapsed();
  const running: Promise<void>[] = [];
  for (let index = 0; index < items.length; index++) {
    await untilDue(index, { ...options, startedAt });
    running.push(action(items[index]!));
  }
  await Promise.all(running);
}
