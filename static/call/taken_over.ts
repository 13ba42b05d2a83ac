/**
 * What a participant says to the room when it needs the old way of travelling no more: application
 * data (rule DA1). Clients that do not know it are waited for within a bound.
 */
import type { Topology } from "../../src/protocol/mod.ts";

/** The payload for the way that is travelled now. */
export function takenOverPayload(topology: Topology): { kind: "taken-over"; topology: Topology } {
  return { kind: "taken-over", topology };
}

/** Whether a payload says it of this way. */
export function isTakenOver(payload: unknown, topology: Topology): boolean {
  const { kind, topology: named }: Record<string, unknown> = { ...(payload as object | undefined) };
  return kind === "taken-over" && named === topology;
}
