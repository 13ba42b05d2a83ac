/**
 * Small words about TCP connections for the fault proxy: how they end, and how all bytes are written.
 */

/** What ends a connection from outside, and what a connection says that we have closed ourselves. */
const ENDS = [
  Deno.errors.BadResource,
  Deno.errors.BrokenPipe,
  Deno.errors.ConnectionAborted,
  Deno.errors.ConnectionReset,
  Deno.errors.Interrupted,
  Deno.errors.InvalidData, // TLS that is none any more.
  Deno.errors.NotConnected,
  Deno.errors.TimedOut,
  Deno.errors.UnexpectedEof,
] as const;

/** Whether `error` says that a connection is over; anything else is a fault of ours. */
export function isConnectionEnd(error: unknown): boolean {
  return ENDS.some((kind) => error instanceof kind);
}

/** Closes; nothing when it is closed already. */
export function closeConnection(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!isConnectionEnd(error)) throw error;
  }
}

/** Writes all of `bytes`. */
export async function writeAll(
  to: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}
