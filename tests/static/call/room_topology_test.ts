/** Which messages say how the media of a room travel. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../../src/protocol/mod.ts";
import { topologyIn } from "../../../static/call/room_topology.ts";

const table: [rule: string, message: object, topology: string | undefined][] = [
  ["TO4", { type: "topology", topology: "sfu" }, "sfu"],
  ["TO4", { type: "topology", topology: "mesh" }, "mesh"],
  ["TO1", { type: "topology", topology: "pigeon" }, undefined],
  ["BP2", { type: "snapshot", room: { topology: "sfu" }, participants: [] }, "sfu"],
  ["LK2", { type: "room-updated", room: { topology: "sfu" } }, "sfu"],
  ["LK2", { type: "room-updated", room: {} }, undefined],
  ["RE5", { type: "resumed", snapshot: { room: { topology: "sfu" }, participants: [] } }, "sfu"],
  ["RE4", { type: "resumed", missed: 1, lastSeq: 2 }, undefined],
  ["CH1", { type: "chat", text: "topology" }, undefined],
];

for (const [rule, message, topology] of table) {
  Deno.test(`[${rule}] topologyIn ${JSON.stringify(message)} is ${topology}`, () => {
    assert.equal(topologyIn(message as ServerMessage), topology); // As far as it is read.
  });
}
