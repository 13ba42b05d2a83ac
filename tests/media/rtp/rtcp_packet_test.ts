/** What RTCP packets have in common. */
import assert from "node:assert/strict";
import { newRtcpPacket, PACKET_TYPES } from "../../../src/media/rtp/rtcp_packet.ts";
import { hex } from "./hex.ts";

Deno.test("newRtcpPacket writes the header, and fills up to a whole word", () => {
  const table = [
    [{ type: 203, count: 0, contentBytes: 0 }, "80cb0000"],
    [{ type: 202, count: 1, contentBytes: 1 }, "81ca0001 00000000"],
    [{ type: 201, count: 31, contentBytes: 8 }, "9fc90002 00000000 00000000"],
  ] as const;

  for (const [header, digits] of table) assert.deepEqual(newRtcpPacket(header), hex(digits));
});

Deno.test("packet types are those that share a port with RTP (RFC 5761)", () => {
  assert.ok(Object.values(PACKET_TYPES).every((type) => type >= 192 && type <= 223));
});
