/** The browser's clock, as the page's logic wants it; the only module of the page with timers. */
import type { Clock } from "../state/clock.ts";

/** The time of this tab. */
export const pageClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
