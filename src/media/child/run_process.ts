/**
 * The life of a media process: it serves its rooms over the standard streams, and ends with its input
 * or when it is told to stop. The native addon keeps a process from ending by itself, so it exits.
 */
import { systemClock } from "../../base/mod.ts";
import { ServedRooms, type ServedRoomsOptions } from "./served_rooms.ts";

/** What is being written is ended within this time; the server kills a process after a second. */
const CLOSE_MS = 800;

/** Runs until the process is over; never returns. */
export async function runProcess(start: ServedRoomsOptions["start"]): Promise<never> {
  const served = new ServedRooms({
    readable: Deno.stdin.readable,
    writable: Deno.stdout.writable,
    clock: systemClock,
    start,
  });
  surviveFaults(served);
  const told = new Promise<void>((resolve) => Deno.addSignalListener("SIGTERM", resolve));
  // Ctrl-C reaches all processes of a terminal; the server says when this one is to stop.
  Deno.addSignalListener("SIGINT", () => {});
  await Promise.race([served.closed, told]);
  const late = new Promise<void>((resolve) => systemClock.after(CLOSE_MS, resolve));
  await Promise.race([served.close(), late]);
  Deno.exit(0);
}

/** A fault in one room must not take the others down. */
function surviveFaults({ log }: ServedRooms): void {
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    log.error("uncaught error", { error: event.error ?? event.message });
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    log.error("unhandled rejection", { error: event.reason });
  });
}
