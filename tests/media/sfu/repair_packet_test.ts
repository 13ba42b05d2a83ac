/** Packets of repair streams, made and undone. */
import assert from "node:assert/strict";
import { buildRtpPacket, RtpPacket } from "../../../src/media/rtp/packet.ts";
import { repeatPacket, restoreRepeated } from "../../../src/media/sfu/repair_packet.ts";
import type { SentPacket } from "../../../src/media/sfu/sent_packets.ts";
import { SourcePacket } from "../../../src/media/sfu/source_packet.ts";

const PAYLOAD = Uint8Array.of(0x90, 0x80, 0x81, 0x02, 5, 6, 7);
const REPAIR = { ssrc: 8, sequenceNumber: 40 };

/** A packet as a slot has sent it; VP8 with a picture id of 15 bits where the test says so. */
function sent(more: Partial<SourcePacket> = {}): SentPacket {
  const bytes = buildRtpPacket({
    ...{ payloadType: 96, sequenceNumber: 1, timestamp: 2, ssrc: 3, payload: PAYLOAD },
    extensions: [{ id: 4, bytes: Uint8Array.of(9, 9, 9) }],
  });
  const packet = Object.assign(new SourcePacket(), {
    ...{ bytes, payloadStart: bytes.length - PAYLOAD.length, sequenceNumber: 1 },
    ...more,
  });
  return {
    ...{ sequenceNumber: 0xabcd, timestamp: 4_000_000_000, pictureId: 0x1234, tl0PicIdx: 77 },
    ...{ isMarked: true, rtxPayloadType: 97, packet },
  };
}

function read(bytes: Uint8Array): RtpPacket {
  const packet = new RtpPacket();
  assert.ok(packet.read(bytes));
  return packet;
}

Deno.test("repeatPacket says what the slot said, under the names of the repair stream", () => {
  const before = sent().packet.bytes.slice();
  const one = sent();

  const packet = read(repeatPacket(one, REPAIR));

  const { payloadType, ssrc, sequenceNumber, timestamp, marker } = packet;
  assert.deepEqual([payloadType, ssrc, sequenceNumber, timestamp, marker], [
    ...[97, 8, 40, 4_000_000_000, true],
  ]);
  assert.deepEqual([...packet.bytes.subarray(packet.payloadStart)], [0xab, 0xcd, ...PAYLOAD]);
  assert.deepEqual(one.packet.bytes, before, "what was sent stays as it is");
});

Deno.test("repeatPacket writes the picture ids that the slot gave, two bytes further on", () => {
  const { packet: { payloadStart } } = sent();
  const place = { pictureId: 1, pictureIdAt: payloadStart + 2, isLongPictureId: true };
  const both = { ...place, tl0PicIdx: 1, tl0At: payloadStart + 4 };

  const packet = read(repeatPacket(sent(both), REPAIR));

  assert.deepEqual([...packet.bytes.subarray(packet.payloadStart + 2)], [
    ...[0x90, 0x80, 0x92, 0x34, 77, 6, 7],
  ]);
});

Deno.test("restoreRepeated undoes what repeatPacket makes", () => {
  const packet = read(repeatPacket(sent(), REPAIR));

  assert.ok(restoreRepeated(packet, 3, 96));

  const { payloadType, ssrc, sequenceNumber, timestamp, marker } = packet;
  assert.deepEqual([payloadType, ssrc, sequenceNumber, timestamp, marker], [
    ...[96, 3, 0xabcd, 4_000_000_000, true],
  ]);
  assert.deepEqual([...packet.bytes.subarray(packet.payloadStart)], [...PAYLOAD]);
});

Deno.test("restoreRepeated takes a packet without a number for what it is, a probe", () => {
  for (const payload of [Uint8Array.of(), Uint8Array.of(1)]) {
    const probe = { payloadType: 97, sequenceNumber: 1, timestamp: 2, ssrc: 8, payload };

    assert.equal(restoreRepeated(read(buildRtpPacket(probe)), 3, 96), false);
  }
});
