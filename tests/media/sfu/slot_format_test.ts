/** Receivers with numbers of their own get packets with these. */
import assert from "node:assert/strict";
import { buildRtpPacket, RtpPacket } from "../../../src/media/rtp/packet.ts";
import { rewrittenFor, SUBSCRIBER_FORMAT } from "../../../src/media/sfu/slot_format.ts";

const forwarded = buildRtpPacket({
  marker: true,
  payloadType: 120,
  sequenceNumber: 9,
  timestamp: 8,
  ssrc: 7,
  payload: new Uint8Array([1, 2, 3]),
  extensions: [{ id: 2, bytes: new Uint8Array([4, 5, 6]) }, {
    id: 12,
    bytes: new Uint8Array([0x85]),
  }],
});
const payloadStart = forwarded.length - 3;

Deno.test("SUBSCRIBER_FORMAT has the payload types of our own offers", () => {
  assert.deepEqual(SUBSCRIBER_FORMAT, {
    payloadTypes: { VP8: 96, VP9: 98, H264: 108, AV1: 45, opus: 111 },
    rtxPayloadTypes: { VP8: 97, VP9: 99, H264: 109, AV1: 46, opus: 0 },
    extensionIds: undefined,
  });
});

Deno.test("rewrittenFor gives the time of sending under the receiver's id, and nothing else", () => {
  const packet = new RtpPacket();

  assert.ok(packet.read(rewrittenFor({ absSendTime: 9 }, forwarded, payloadStart)));

  const at = packet.findExtension(9);
  assert.deepEqual([...packet.bytes.slice(at, at + packet.foundLength)], [4, 5, 6]);
  assert.equal(packet.findExtension(12), -1);
  assert.deepEqual([...packet.bytes.slice(packet.payloadStart)], [1, 2, 3]);
  const { marker, payloadType, sequenceNumber, timestamp, ssrc } = packet;
  assert.deepEqual([marker, payloadType, sequenceNumber, timestamp, ssrc], [true, 120, 9, 8, 7]);
});

Deno.test("rewrittenFor gives no extension to a receiver that knows none", () => {
  const packet = new RtpPacket();

  assert.ok(packet.read(rewrittenFor({ absSendTime: 0 }, forwarded, payloadStart)));

  assert.equal(packet.extensionStart, 0);
  assert.deepEqual([...packet.bytes.slice(12)], [1, 2, 3]);
});
