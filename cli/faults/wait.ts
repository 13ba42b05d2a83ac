/** A pause that ends early, and without a word, when everything stops. */
import type { Clock } from "../../src/base/mod.ts";

/** Resolves after `ms`, or when `signal` aborts; at once for 0 and less. */
export function wait(
  ms: number,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      cancel();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const cancel = clock.after(ms, finish);
    signal.addEventListener("abort", finish, { once: true });
  });
}
