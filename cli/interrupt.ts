/**
 * Ctrl-C as a signal that a run can end in order by. The entries of the command line take one.
 */
import { type Clock, systemClock } from "../src/base/mod.ts";

const INTERRUPTED = 130;
/** One Ctrl-C arrives twice, from the terminal and from the task runner above. */
const SAME_INTERRUPT_MS = 500;

/** Aborts at the first SIGINT or SIGTERM; the second, of another moment, ends the process at once. */
export function interruptSignal(clock: Clock = systemClock): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const interrupt = () => {
    const now = clock.elapsed();
    firstAt ??= now;
    if (now - firstAt > SAME_INTERRUPT_MS) Deno.exit(INTERRUPTED);
    controller.abort();
  };
  Deno.addSignalListener("SIGINT", interrupt);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", interrupt);
  return controller.signal;
}
