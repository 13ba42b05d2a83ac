/** Bounds a wait: what takes too long has failed. */
import type { Clock } from "../../src/base/mod.ts";
import { Finding } from "./verdict.ts";

/** Resolves as `promise` does; throws {@linkcode Finding} after `ms`. */
export async function within<T>(
  clock: Clock,
  promise: Promise<T>,
  { ms, awaited }: { ms: number; awaited: string },
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(ms, () => reject(new Finding(awaited, `nothing within ${ms} ms`)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}
