/**
 * What a process needs around a server: it survives a fault in one handler, and it stops in order
 * when it is told to. Only the entry calls it.
 */
import { type Logger, systemClock } from "./base/mod.ts";

/** However the closing goes, the process is gone after this long. */
const EXIT_DEADLINE_MS = 2_500;

/** Logs a fault that nobody caught; it must not take the other connections down. */
export function surviveFaults(log: Logger): void {
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    log.error("uncaught error", { error: event.error?.stack ?? event.message });
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    log.error("unhandled rejection", { error: event.reason?.stack ?? `${event.reason}` });
  });
}

/** Calls `stop` at the first signal to stop and exits with 0 when it is done, or at the deadline. */
export function exitOnSignal(log: Logger, stop: () => Promise<void>): void {
  let isStopping = false;
  const handle = async (signal: Deno.Signal) => {
    if (isStopping) return;
    isStopping = true;
    log.info("stopping", { signal });
    systemClock.after(EXIT_DEADLINE_MS, () => Deno.exit(0));
    try {
      await stop();
    } catch (error) {
      log.error("stop failed", { error: `${error}` });
    }
    Deno.exit(0);
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, () => handle(signal));
}
