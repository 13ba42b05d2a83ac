/** How a room's media travel, wherever a message says so (rules TO1, TO4). Pure. */
import type { ServerMessage, Topology } from "../../src/protocol/mod.ts";

/** The topology that a message names; undefined where it names none, or one that is not known. */
export function topologyIn(message: ServerMessage): Topology | undefined {
  switch (message.type) {
    case "topology":
      return known(message.topology);
    case "snapshot":
    case "room-updated":
      return known(message.room.topology);
    case "resumed":
      return known(message.snapshot?.room.topology);
    default:
      return undefined;
  }
}

/** A newer server may know more ways. */
function known(topology: string | undefined): Topology | undefined {
  return topology === "mesh" || topology === "sfu" ? topology : undefined;
}
