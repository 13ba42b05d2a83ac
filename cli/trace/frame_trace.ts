/**
 * What hears the connections and frames of a run: a recorder that writes them to a file, a report that
 * draws them. A connection tells its trace what happens, as it happens; who implements it takes the
 * time. Calls are cheap and never throw.
 */

/** Which way a frame went. */
export type Direction = "sent" | "received";

/** Hears one user's connections. */
export interface FrameTrace {
  /** A connection is asked for. */
  connecting(): void;
  /** The handshake is done. */
  opened(): void;
  /** One text frame as it stood on the wire: one message, or several in a JSON array (rule CO6). */
  frame(direction: Direction, text: string): void;
  /** The connection is gone; 1006 when no close code came. */
  ended(code: number, reason: string): void;
}

/** Gives each user of a run its trace, or none. */
export type FrameTracer = (userId: string) => FrameTrace | undefined;

/** One trace that tells all of `traces`; none where there is none. */
export function mergeTraces(
  traces: readonly (FrameTrace | undefined)[],
): FrameTrace | undefined {
  const present = traces.filter((trace) => trace !== undefined);
  if (present.length < 2) return present[0];
  return {
    connecting: () => present.forEach((trace) => trace.connecting()),
    opened: () => present.forEach((trace) => trace.opened()),
    frame: (direction, text) => present.forEach((trace) => trace.frame(direction, text)),
    ended: (code, reason) => present.forEach((trace) => trace.ended(code, reason)),
  };
}
