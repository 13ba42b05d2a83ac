/**
 * What has to hold of anything that was read as RTP or RTCP, however broken it is. The checks of the
 * fuzz test; each throws.
 */
import assert from "node:assert/strict";
import { DependencyDescriptor } from "../../src/media/rtp/av1.ts";
import { type CodecName, isKeyFrameStart, readPictureSize } from "../../src/media/rtp/codecs.ts";
import {
  readAudioLevel,
  readText,
  readTransportSequenceNumber,
  readVoiceActivity,
} from "../../src/media/rtp/extensions.ts";
import { RtpPacket } from "../../src/media/rtp/packet.ts";
import type { RtcpMessage } from "../../src/media/rtp/rtcp.ts";
import { Vp8Descriptor } from "../../src/media/rtp/vp8.ts";
import { Vp9Descriptor } from "../../src/media/rtp/vp9.ts";
import { BROWSER_IDS } from "../media/rtp/browser_packets.ts";
import type { SeededChoice } from "./mutate_bytes.ts";

const CODECS: readonly CodecName[] = ["VP8", "VP9", "H264", "AV1", "opus"];

const vp8 = new Vp8Descriptor();
const vp9 = new Vp9Descriptor();
const descriptor = new DependencyDescriptor();

/** Payload and extensions lie within the bytes, in their order. */
export function checkBounds(packet: RtpPacket): void {
  const { bytes, payloadStart, payloadEnd, extensionStart, extensionEnd } = packet;
  assert.ok(payloadStart >= 12 && payloadStart <= payloadEnd && payloadEnd <= bytes.length);
  if (extensionStart === 0) assert.equal(extensionEnd, 0);
  else assert.ok(extensionStart >= 16 && extensionStart <= extensionEnd);
  assert.ok(extensionEnd <= payloadStart);
}

/** 1: some extension was found; each lies within the block. */
export function checkExtensions(packet: RtpPacket): number {
  let found = 0;
  for (const id of [0, 1, 2, 3, 4, 9, 10, 12, 13, 14, 15, 200, 255]) {
    const at = packet.findExtension(id);
    if (at < 0) continue;
    found++;
    assert.ok(id > 0 && at > packet.extensionStart);
    assert.ok(at + packet.foundLength <= packet.extensionEnd);
  }
  assertWithin(readAudioLevel(packet, BROWSER_IDS.audioLevel), -1, 127);
  assertWithin(readTransportSequenceNumber(packet, BROWSER_IDS.transportCc), -1, 65_535);
  assert.equal(typeof readVoiceActivity(packet, BROWSER_IDS.audioLevel), "boolean");
  assert.match(readText(packet, BROWSER_IDS.mid) ?? "none", /^[\x21-\x7e]{1,255}$/);
  return found > 0 ? 1 : 0;
}

/** 1: it is a VP8 descriptor, and all that it tells lies within the payload. */
export function checkVp8({ bytes, payloadStart: start, payloadEnd: end }: RtpPacket): number {
  if (!vp8.read(bytes, start, end)) return 0;
  assertWithin(vp8.length, 1, Math.min(6, end - start - 1));
  assertInside(vp8.pictureIdOffset, vp8.isLongPictureId ? 2 : 1, [start, start + vp8.length]);
  assertInside(vp8.tl0Offset, 1, [start, start + vp8.length]);
  assertWithin(vp8.pictureId, -1, 32_767);
  assertWithin(vp8.tl0PicIdx, -1, 255);
  assertWithin(vp8.temporalId, -1, 3);
  return 1;
}

/** 1: it is a VP9 descriptor, and all that it tells lies within the payload. */
export function checkVp9({ bytes, payloadStart: start, payloadEnd: end }: RtpPacket): number {
  if (!vp9.read(bytes, start, end)) return 0;
  assertWithin(vp9.length, 1, end - start - 1);
  assertInside(vp9.pictureIdOffset, vp9.isLongPictureId ? 2 : 1, [start, start + vp9.length]);
  assertInside(vp9.tl0Offset, 1, [start, start + vp9.length]);
  assertWithin(vp9.pictureId, -1, 32_767);
  assertWithin(vp9.tl0PicIdx, -1, 255);
  assertWithin(vp9.temporalId, -1, 7);
  assertWithin(vp9.spatialId, -1, 7);
  assertWithin(vp9.layerCount, 0, 8);
  return 1;
}

/**
 * 1: it has a dependency descriptor of a layer. Reads the extension, or, so that lengths lie as well,
 * more or less than it.
 */
export function checkDependencyDescriptor(packet: RtpPacket, choice: SeededChoice): number {
  const at = packet.findExtension(BROWSER_IDS.dependencyDescriptor);
  if (at < 0) return 0;
  const length = choice.of([packet.foundLength, packet.foundLength, choice.below(200)]);
  const layersBefore = descriptor.layerCount;
  const isRead = descriptor.read(packet.bytes, at, length);
  if (isRead) assert.ok(at + length <= packet.bytes.length);
  if (!descriptor.hasStructure) assert.equal(descriptor.layerCount, layersBefore);
  assertWithin(descriptor.layerCount, 0, 4);
  assertWithin(descriptor.spatialId, 0, 3);
  assertWithin(descriptor.temporalId, 0, 7);
  assertWithin(descriptor.frameNumber, 0, 65_535);
  return isRead ? 1 : 0;
}

/** 1: some codec finds a size in it; none of them looks at what follows the payload. */
export function checkPictures(packet: RtpPacket): number {
  let sizes = 0;
  const followed = followedByMore(packet);
  for (const codec of CODECS) {
    const isStart = isKeyFrameStart(codec, packet);
    const size = readPictureSize(codec, packet);
    assert.equal(isKeyFrameStart(codec, followed), isStart, codec);
    assert.deepEqual(readPictureSize(codec, followed), size, codec);
    const isEmpty = packet.payloadStart === packet.payloadEnd;
    if (isEmpty && codec !== "opus") assert.deepEqual([isStart, size], [false, undefined]);
    if (size === undefined) continue;
    assertWithin(size.width, 0, 65_536);
    assertWithin(size.height, 0, 65_536);
    sizes = 1;
  }
  return sizes;
}

/** Whether every number of a message is one that its field can have. */
export function checkMessage(message: RtcpMessage, bytes: Uint8Array): void {
  if ("ssrcs" in message) assert.ok(message.ssrcs.length <= bytes.length / 4);
  if ("reports" in message) {
    assert.ok(message.reports.length <= 31 && message.reports.length * 24 < bytes.length);
    for (const { fractionLost, packetsLost } of message.reports) {
      assert.ok(fractionLost >= 0 && fractionLost < 1);
      assertWithin(packetsLost, -(2 ** 23), 2 ** 23 - 1);
    }
  }
  if (message.type === "nack") {
    assert.ok(message.sequenceNumbers.length <= bytes.length * 5);
    for (const number of message.sequenceNumbers) assertWithin(number, 0, 65_535);
  }
  if (message.type === "source-description") {
    for (const { cname } of message.chunks) assert.ok(cname.length <= 255);
  }
  if (message.type === "transport-feedback") {
    assertWithin(message.feedbackCount, 0, 255);
    message.packets.forEach(({ sequenceNumber, receivedAtMs = 0 }, index) => {
      if (sequenceNumber === (message.baseSequenceNumber + index & 0xffff)) {
        if (Number.isFinite(receivedAtMs)) return;
      }
      assert.fail(`packet ${index} is ${sequenceNumber} at ${receivedAtMs}`);
    });
  }
}

/** The same packet, with bytes behind its payload that could mean anything. */
function followedByMore(packet: RtpPacket): RtpPacket {
  const bytes = new Uint8Array(packet.payloadEnd + 32).fill(0xff);
  bytes.set(packet.bytes.subarray(0, packet.payloadEnd));
  return Object.assign(new RtpPacket(), packet, { bytes });
}

/** By hand: `assert.ok` on a hundred million numbers would take longer than all the rest. */
function assertWithin(value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  assert.fail(`${value} is not from ${min} to ${max}`);
}

/** `length` bytes at `at` lie within the part; -1 stands for nowhere. */
function assertInside(at: number, length: number, [start, end]: readonly [number, number]): void {
  if (at === -1 || (at > start && at + length <= end)) return;
  assert.fail(`${length} bytes at ${at} are not from ${start} to ${end}`);
}
