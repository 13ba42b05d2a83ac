/** A forwarded packet has a header of ours, in its own place where there is room. */
import assert from "node:assert/strict";
import { buildRtpPacket, type RtpExtension, RtpPacket } from "../../../src/media/rtp/packet.ts";
import {
  PacketHistory,
  SourcePacket,
  writeForwardedHeader,
} from "../../../src/media/sfu/source_packet.ts";

const none = {
  absSendTime: 0,
  transportCc: 0,
  mid: 0,
  rid: 0,
  repairedRid: 0,
  audioLevel: 0,
  videoOrientation: 0,
  dependencyDescriptor: 0,
};
const PAYLOAD = new Uint8Array([7, 8, 9]);

function forward(extensions: RtpExtension[], ids: Partial<typeof none>, paddingBytes = 0) {
  const source = new RtpPacket();
  const fields = { payloadType: 96, sequenceNumber: 1, timestamp: 2, ssrc: 3 };
  source.read(buildRtpPacket({ ...fields, payload: PAYLOAD, extensions, paddingBytes }));
  const before = source.bytes.buffer;
  const target = new SourcePacket();
  writeForwardedHeader(target, source, { ids: { ...none, ...ids }, absSendTime: 0x123456 });
  const read = new RtpPacket();
  assert.ok(read.read(target.bytes));
  const value = (id: number) => {
    const at = read.findExtension(id);
    return at < 0 ? undefined : [...target.bytes.slice(at, at + read.foundLength)];
  };
  return { target, read, value, isInPlace: target.bytes.buffer === before };
}

Deno.test("writeForwardedHeader writes the time of sending, and keeps the payload without padding", () => {
  const { target, read, value, isInPlace } = forward(
    [{ id: 3, bytes: new Uint8Array([1, 2]) }],
    {},
    5,
  );

  assert.deepEqual(value(2), [0x12, 0x34, 0x56]);
  assert.deepEqual(target.bytes.slice(target.payloadStart), PAYLOAD);
  assert.equal(target.payloadStart, read.payloadStart);
  assert.equal(isInPlace, true);
});

Deno.test("writeForwardedHeader passes on what subscribers know, under their ids", () => {
  const { value } = forward(
    [
      { id: 5, bytes: new Uint8Array([0x81]) },
      { id: 6, bytes: new Uint8Array([1]) },
      { id: 7, bytes: new Uint8Array([0xc0, 0, 9]) },
      { id: 8, bytes: new Uint8Array([1, 2, 3]) },
    ],
    { audioLevel: 5, videoOrientation: 6, dependencyDescriptor: 7, mid: 8 },
  );

  assert.deepEqual([12, 3, 13, 9].map(value), [[0x81], [1], [0xc0, 0, 9], undefined]);
});

Deno.test("writeForwardedHeader takes the two-byte form for a long descriptor", () => {
  const long = Uint8Array.from({ length: 40 }, (_, n) => n + 1);

  const { value, read } = forward([{ id: 7, bytes: long }], { dependencyDescriptor: 7 });

  assert.equal(read.isTwoByte, true);
  assert.deepEqual(value(13), [...long]);
  assert.deepEqual(value(2), [0x12, 0x34, 0x56]);
});

Deno.test("writeForwardedHeader makes room where the packet had no extension", () => {
  const { target, value, isInPlace } = forward([], {});

  assert.deepEqual(value(2), [0x12, 0x34, 0x56]);
  assert.deepEqual(target.bytes.slice(target.payloadStart), PAYLOAD);
  assert.equal(isInPlace, false);
});

Deno.test("PacketHistory keeps the last 512, each in its place", () => {
  const history = new PacketHistory();
  const first = history.place(65_535);

  assert.equal(history.place(65_535), first);
  assert.notEqual(history.place(0), first);
  assert.equal(history.place(511), first);
});
