/** What is called for each packet allocates nothing, once it is compiled. */
import assert from "node:assert/strict";
import { DependencyDescriptor } from "../../../src/media/rtp/av1.ts";
import { isKeyFrameStart } from "../../../src/media/rtp/codecs.ts";
import {
  readAudioLevel,
  readTransportSequenceNumber,
  toAbsSendTime,
} from "../../../src/media/rtp/extensions.ts";
import { RtpPacket, writeRtpHeader } from "../../../src/media/rtp/packet.ts";
import { TransportFeedback } from "../../../src/media/rtp/transport_feedback.ts";
import { Vp8Descriptor } from "../../../src/media/rtp/vp8.ts";
import { Vp9Descriptor } from "../../../src/media/rtp/vp9.ts";
import { BROWSER_IDS, BROWSER_PACKETS } from "./browser_packets.ts";

/** So few that what most batches allocate is still there when they end. */
const BATCH = 500;
const BATCHES = 11;
/** When the compiler comes to it is its own affair: so often there is another look. */
const ROUNDS = 600;
/** The smallest object there is. */
const OBJECT_BYTES = 8;

const packet = new RtpPacket();
const { vp8Upper, vp9Upper, av1KeyFrameRest, h264KeyFrame, audio } = BROWSER_PACKETS;
const all = [vp8Upper, vp9Upper, av1KeyFrameRest, h264KeyFrame, audio];

Deno.test("an object for each packet would be seen, and so would many", () => {
  const kept: object[] = [{}];

  const little = bytesEach((index) => {
    kept[0] = { index };
  }, 30);
  const much = bytesEach(() => {
    kept[0] = new Uint8Array(512);
  }, 30);

  assert.ok(little >= OBJECT_BYTES && much >= OBJECT_BYTES, `${little} and ${much} bytes for each`);
});

Deno.test("RtpPacket.read and findExtension allocate nothing", () => {
  assertNothing((index) => {
    packet.read(all[index % all.length]!);
    packet.findExtension(BROWSER_IDS.dependencyDescriptor);
    readAudioLevel(packet, BROWSER_IDS.audioLevel);
    readTransportSequenceNumber(packet, BROWSER_IDS.transportCc);
  });
});

Deno.test("writeRtpHeader allocates nothing", () => {
  const target = new Uint8Array(12);
  packet.read(vp8Upper);

  assertNothing((index) => {
    writeRtpHeader(target, packet);
    target[0] = toAbsSendTime(index);
  });
});

Deno.test("the descriptors of payloads allocate nothing", () => {
  const vp8 = new Vp8Descriptor();
  const vp9 = new Vp9Descriptor();
  const ofVp8 = readPacket(vp8Upper);
  const ofVp9 = readPacket(vp9Upper);

  assertNothing(() => {
    vp8.read(ofVp8.bytes, ofVp8.payloadStart, ofVp8.payloadEnd);
    vp9.read(ofVp9.bytes, ofVp9.payloadStart, ofVp9.payloadEnd);
  });
});

Deno.test("the dependency descriptor allocates nothing, with templates or without", () => {
  const descriptor = new DependencyDescriptor();
  const packets = [readPacket(BROWSER_PACKETS.av1KeyFrame), readPacket(av1KeyFrameRest)];

  assertNothing((index) => {
    const chosen = packets[index % 2]!;
    const at = chosen.findExtension(BROWSER_IDS.dependencyDescriptor);
    descriptor.read(chosen.bytes, at, chosen.foundLength);
  });
});

Deno.test("isKeyFrameStart allocates nothing", () => {
  const [vp8, vp9, av1, h264] = all.map(readPacket);

  assertNothing(() => {
    isKeyFrameStart("VP8", vp8!);
    isKeyFrameStart("VP9", vp9!);
    isKeyFrameStart("AV1", av1!);
    isKeyFrameStart("H264", h264!);
  });
});

Deno.test("TransportFeedback.received allocates nothing", () => {
  const feedback = new TransportFeedback();

  assertNothing((index) => feedback.received(index & 0xffff, index / 4));
});

function assertNothing(step: (index: number) => void): void {
  const bytes = bytesEach(step);
  assert.ok(bytes < OBJECT_BYTES / 2, `${bytes} bytes for each`);
}

/** Bytes that a step leaves on the heap, as soon as it is none; otherwise what it is in the end. */
function bytesEach(step: (index: number) => void, rounds = ROUNDS): number {
  let bytes = NaN;
  for (let round = 0; round < rounds; round++) {
    bytes = medianOf(Array.from({ length: BATCHES }, () => grownBy(step))) / BATCH;
    if (bytes < OBJECT_BYTES / 2) break;
  }
  return bytes;
}

/** How much the heap grows in a batch; a collection within it makes it less. */
function grownBy(step: (index: number) => void): number {
  const before = Deno.memoryUsage().heapUsed;
  for (let index = 0; index < BATCH; index++) step(index);
  return Deno.memoryUsage().heapUsed - before;
}

function medianOf(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function readPacket(bytes: Uint8Array): RtpPacket {
  const read = new RtpPacket();
  assert.ok(read.read(bytes));
  return read;
}
