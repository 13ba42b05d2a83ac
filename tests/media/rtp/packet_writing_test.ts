/** RTP packets and their header extensions, as they are written. */
import assert from "node:assert/strict";
import { buildRtpPacket, RtpPacket, writeRtpHeader } from "../../../src/media/rtp/packet.ts";
import { hex } from "./hex.ts";

const HEADER = "60 1234 89abcdef fedcba98";
const FIELDS = {
  payloadType: 96,
  sequenceNumber: 0x1234,
  timestamp: 0x89abcdef,
  ssrc: 0xfedcba98,
};

Deno.test("writeRtpHeader writes what an RtpPacket says", () => {
  const packet = read(hex("80 e0 1234 89abcdef fedcba98 aabbcc"));
  const target = new Uint8Array(12);

  const length = writeRtpHeader(target, packet);

  assert.equal(length, 12);
  assert.deepEqual(target, hex("80 e0 1234 89abcdef fedcba98"));
});

Deno.test("buildRtpPacket writes short extensions in the one-byte form", () => {
  const packet = buildRtpPacket({
    ...FIELDS,
    extensions: [{ id: 1, bytes: hex("aa") }, { id: 14, bytes: hex("bbccdd") }],
    payload: hex("ee"),
  });

  assert.deepEqual(packet, hex(`90 ${HEADER} bede0002 10aae2bb ccdd0000 ee`));
});

Deno.test("buildRtpPacket takes the two-byte form where the one-byte form cannot say it", () => {
  const table = [
    { id: 15, bytes: hex("aa") },
    { id: 1, bytes: hex("") },
    { id: 1, bytes: new Uint8Array(17).fill(7) },
  ];

  for (const extension of table) {
    const packet = read(buildRtpPacket({ ...FIELDS, extensions: [extension], payload: hex("ee") }));
    assert.ok(packet.isTwoByte);
    assert.deepEqual(extensionOf(packet, extension.id), extension.bytes);
    assert.deepEqual(payloadOf(packet), hex("ee"));
  }
});

Deno.test("buildRtpPacket sets the marker and writes padding that ends with its length", () => {
  const packet = buildRtpPacket({
    ...FIELDS,
    marker: true,
    payload: hex("ee"),
    paddingBytes: 3,
  });

  assert.deepEqual(packet, hex("a0 e0 1234 89abcdef fedcba98 ee 000003"));
});

Deno.test("buildRtpPacket refuses what no packet can hold", () => {
  const wrong = [
    { extensions: [{ id: 0, bytes: hex("aa") }] },
    { extensions: [{ id: 256, bytes: hex("aa") }] },
    { extensions: [{ id: 1.5, bytes: hex("aa") }] },
    { extensions: [{ id: 1, bytes: new Uint8Array(256) }] },
    { paddingBytes: 256 },
    { paddingBytes: -1 },
  ];

  for (const options of wrong) {
    assert.throws(() => buildRtpPacket({ ...FIELDS, ...options, payload: hex("") }), RangeError);
  }
});

function read(bytes: Uint8Array): RtpPacket {
  const packet = new RtpPacket();
  assert.ok(packet.read(bytes));
  return packet;
}

function payloadOf({ bytes, payloadStart, payloadEnd }: RtpPacket): Uint8Array {
  return bytes.slice(payloadStart, payloadEnd);
}

function extensionOf(packet: RtpPacket, id: number): Uint8Array {
  const at = packet.findExtension(id);
  assert.ok(at > 0, `extension ${id} is not there`);
  return packet.bytes.slice(at, at + packet.foundLength);
}
