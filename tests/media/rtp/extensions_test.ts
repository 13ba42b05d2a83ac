/** What header extensions say. */
import assert from "node:assert/strict";
import {
  EXTENSION_URIS,
  readAudioLevel,
  readText,
  readTransportSequenceNumber,
  readVoiceActivity,
  SUBSCRIBER_EXTENSION_IDS,
  toAbsSendTime,
} from "../../../src/media/rtp/extensions.ts";
import { buildRtpPacket, RtpPacket } from "../../../src/media/rtp/packet.ts";
import { hex } from "./hex.ts";

Deno.test("readAudioLevel and readVoiceActivity share a byte (RFC 6464)", () => {
  const table = [
    ["00", 0, false],
    ["ff", 127, true],
    ["8a", 10, true],
    ["7f", 127, false],
  ] as const;

  for (const [digits, level, hasVoice] of table) {
    const packet = withExtension(12, hex(digits));
    assert.equal(readAudioLevel(packet, 12), level, digits);
    assert.equal(readVoiceActivity(packet, 12), hasVoice, digits);
  }
});

Deno.test("readTransportSequenceNumber reads 16 bits, and passes over what follows them", () => {
  assert.equal(readTransportSequenceNumber(withExtension(5, hex("fffe")), 5), 0xfffe);
  assert.equal(readTransportSequenceNumber(withExtension(5, hex("0102aabb")), 5), 0x0102);
});

Deno.test("readText reads a mid or a rid, and refuses what is none", () => {
  const table = [
    ["30", "0"],
    ["68", "h"],
    ["73637265656e2d31", "screen-1"],
    ["61 20 62", undefined],
    ["61 00", undefined],
    ["61 7f", undefined],
    ["c3 a4", undefined],
  ] as const;

  for (const [digits, text] of table) {
    assert.equal(readText(withExtension(4, hex(digits)), 4), text, digits);
  }
});

Deno.test("an extension that is missing, empty, too short or not negotiated says nothing", () => {
  const packet = withExtension(1, hex("aa"));
  const empty = withExtension(1, hex(""));

  for (const id of [2, 0]) {
    assert.equal(readAudioLevel(packet, id), -1);
    assert.equal(readVoiceActivity(packet, id), false);
    assert.equal(readTransportSequenceNumber(packet, id), -1);
    assert.equal(readText(packet, id), undefined);
  }
  assert.equal(readTransportSequenceNumber(packet, 1), -1);
  assert.equal(readAudioLevel(empty, 1), -1);
  assert.equal(readVoiceActivity(empty, 1), false);
  assert.equal(readText(empty, 1), undefined);
});

Deno.test("toAbsSendTime has 18 bits behind the point and wraps after 64 seconds", () => {
  const table = [
    [0, 0],
    [1_000, 0x40000],
    [500, 0x20000],
    [1, 262],
    [63_999.999, 0xffffff],
    [64_000, 0],
    [1_795_000_000_000, 1_795_000_000_000 % 64_000 / 1000 * 2 ** 18],
  ] as const;

  for (const [ms, expected] of table) assert.equal(toAbsSendTime(ms), expected, `${ms}`);
});

Deno.test("the ids towards subscribers fit the one-byte form and are one each", () => {
  const ids = Object.values(SUBSCRIBER_EXTENSION_IDS);

  assert.ok(ids.every((id) => id >= 1 && id <= 14));
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(Object.keys(SUBSCRIBER_EXTENSION_IDS).every((name) => name in EXTENSION_URIS));
});

function withExtension(id: number, bytes: Uint8Array): RtpPacket {
  const packet = new RtpPacket();
  assert.ok(packet.read(buildRtpPacket({
    payloadType: 111,
    sequenceNumber: 1,
    timestamp: 2,
    ssrc: 3,
    extensions: [{ id, bytes }],
    payload: hex("00"),
  })));
  return packet;
}
