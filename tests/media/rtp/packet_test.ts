/** RTP packets and their header extensions, as they are read. */
import assert from "node:assert/strict";
import { isRtcp, RtpPacket } from "../../../src/media/rtp/packet.ts";
import { hex } from "./hex.ts";

const HEADER = "60 1234 89abcdef fedcba98";

Deno.test("RtpPacket.read takes the fixed header apart", () => {
  const packet = read(hex("80 e0 1234 89abcdef fedcba98 aabbcc"));

  assert.equal(packet.marker, true);
  assert.equal(packet.payloadType, 96);
  assert.equal(packet.sequenceNumber, 0x1234);
  assert.equal(packet.timestamp, 0x89abcdef);
  assert.equal(packet.ssrc, 0xfedcba98);
  assert.deepEqual(payloadOf(packet), hex("aabbcc"));
  assert.equal(packet.extensionStart, 0);
  assert.equal(packet.extensionEnd, 0);
});

Deno.test("RtpPacket.read passes over contributing sources and takes padding off", () => {
  const sources = read(hex(`82 ${HEADER} 00000001 00000002 aa`));
  assert.deepEqual(payloadOf(sources), hex("aa"));

  const padded = read(hex(`a0 ${HEADER} aabb 000003`));
  assert.deepEqual(payloadOf(padded), hex("aabb"));

  const onlyPadding = read(hex(`a0 ${HEADER} 00000004`));
  assert.deepEqual(payloadOf(onlyPadding), hex(""));
});

Deno.test("RtpPacket.read refuses what is no whole packet", () => {
  const table: Record<string, string> = {
    "nothing": "",
    "a header that is cut": `80 ${HEADER}`.slice(0, -2),
    "version 1": `40 ${HEADER} aa`,
    "version 3": `c0 ${HEADER} aa`,
    "sources that are cut": `81 ${HEADER} 000000`,
    "an extension without its length": `90 ${HEADER} bede00`,
    "an extension longer than the packet": `90 ${HEADER} bede0002 10aa0000`,
    "an unknown extension longer than the packet": `90 ${HEADER} 1234ffff 10aa0000`,
    "padding of no byte": `a0 ${HEADER} aabb00`,
    "padding longer than the payload": `a0 ${HEADER} aabb04`,
    "padding that reaches into the extension": `b0 ${HEADER} bede0001 10aa0000 000005`,
  };

  for (const [what, digits] of Object.entries(table)) {
    assert.equal(new RtpPacket().read(hex(digits)), false, what);
  }
});

Deno.test("RtpPacket.read leaves nothing of the packet before", () => {
  const packet = read(hex(`90 ${HEADER} 10000001 01010aff aa`));
  assert.ok(packet.isTwoByte);

  assert.ok(packet.read(hex(`80 ${HEADER} bb`)));

  assert.equal(packet.isTwoByte, false);
  assert.equal(packet.findExtension(1), -1);
  assert.deepEqual(payloadOf(packet), hex("bb"));
});

Deno.test("RtpPacket.findExtension finds elements of the one-byte form (RFC 8285, 4.2)", () => {
  // Padding may stand between elements; 0x51 is id 5 with two bytes.
  const packet = read(hex(`90 ${HEADER} bede0003 10aa0000 51bbcc00 32001122`));

  assert.deepEqual(extensionOf(packet, 1), hex("aa"));
  assert.deepEqual(extensionOf(packet, 5), hex("bbcc"));
  assert.deepEqual(extensionOf(packet, 3), hex("001122"));
  assert.equal(packet.findExtension(2), -1);
  assert.equal(packet.findExtension(0), -1);
});

Deno.test("RtpPacket.findExtension finds elements of the two-byte form (RFC 8285, 4.3)", () => {
  const packet = read(hex(`90 ${HEADER} 10070003 0100 00 ff02aabb 0f01cc 0000 ee`));

  assert.deepEqual(extensionOf(packet, 1), hex(""));
  assert.deepEqual(extensionOf(packet, 255), hex("aabb"));
  assert.deepEqual(extensionOf(packet, 15), hex("cc"));
  assert.equal(packet.findExtension(2), -1);
  assert.deepEqual(payloadOf(packet), hex("ee"));
});

Deno.test("RtpPacket.findExtension stops where the block is broken or ends itself", () => {
  const table: Record<string, string> = {
    "id 15 of the one-byte form": "bede0002 f0aa10bb 00000000",
    "id 0 with a length": "bede0002 02aabbcc 10bb0000",
    "an element longer than the block": "bede0001 2faabbcc",
    "a two-byte element longer than the block": "10000001 0204aabb",
    "a two-byte element without its length": "10000001 00000001",
    "an unknown profile": "12340001 10aa0000",
  };

  for (const [what, block] of Object.entries(table)) {
    const packet = read(hex(`90 ${HEADER} ${block}`));
    assert.equal(packet.findExtension(1), -1, what);
    assert.equal(packet.findExtension(2), -1, what);
  }
});

Deno.test("isRtcp tells the packets of a shared port apart (RFC 5761)", () => {
  const table = [
    ["80c80006", true],
    ["81cd0003", true],
    ["80c00000", true],
    ["80df0000", true],
    ["80bf0000", false],
    ["80e00000", false],
    ["80600000", false],
    ["00c80006", false],
    ["80c800", false],
    ["", false],
  ] as const;

  for (const [digits, expected] of table) assert.equal(isRtcp(hex(digits)), expected, digits);
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
