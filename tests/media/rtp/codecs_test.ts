/** The table of codecs, and what packets of a browser tell of their pictures. */
import assert from "node:assert/strict";
import {
  type CodecName,
  CODECS,
  isKeyFrameStart,
  readPictureSize,
} from "../../../src/media/rtp/codecs.ts";
import { RtpPacket } from "../../../src/media/rtp/packet.ts";
import { BROWSER_PACKETS } from "./browser_packets.ts";
import { packetWith } from "./hex.ts";

Deno.test("each payload type towards subscribers stands for one thing, and is dynamic", () => {
  const types = Object.values(CODECS).flatMap(({ payloadType, rtxPayloadType }) =>
    rtxPayloadType === 0 ? [payloadType] : [payloadType, rtxPayloadType]
  );

  assert.equal(new Set(types).size, types.length);
  // RFC 5761, section 4: with the marker bit 64 to 95 look like RTCP.
  assert.ok(types.every((type) => (type >= 35 && type <= 63) || (type >= 96 && type <= 127)));
});

Deno.test("the table names each codec, and only video is sent again", () => {
  for (const [name, codec] of Object.entries(CODECS)) {
    assert.equal(codec.name, name);
    assert.equal(codec.clockRate, codec.kind === "video" ? 90_000 : 48_000);
    assert.equal(codec.rtxPayloadType > 0, codec.kind === "video");
    assert.equal(codec.feedback.includes("nack pli"), codec.kind === "video");
  }
});

Deno.test("isKeyFrameStart and readPictureSize know the packets of a browser", () => {
  const small = { width: 320, height: 180 };
  const table = [
    ["VP8", "vp8KeyFrame", true, small],
    ["VP8", "vp8KeyFrameRest", false, undefined],
    ["VP8", "vp8Upper", false, undefined],
    ["VP9", "vp9KeyFrame", true, small],
    ["VP9", "vp9Upper", false, undefined],
    ["H264", "h264ParameterSets", true, { width: 640, height: 360 }],
    ["H264", "h264KeyFrame", true, undefined],
    ["H264", "h264KeyFrameRest", false, undefined],
    // A sequence header has the size of the highest layer.
    ["AV1", "av1KeyFrame", true, { width: 960, height: 540 }],
    ["AV1", "av1KeyFrameRest", false, undefined],
    ["opus", "audio", true, undefined],
  ] as const;

  for (const [codec, name, isStart, size] of table) {
    const packet = new RtpPacket();
    assert.ok(packet.read(BROWSER_PACKETS[name]), name);
    assert.equal(isKeyFrameStart(codec, packet), isStart, name);
    assert.deepEqual(readPictureSize(codec, packet), size, name);
  }
});

Deno.test("a packet without a payload begins no picture and has no size", () => {
  const packet = packetWith(new Uint8Array(0));

  for (const codec of ["VP8", "VP9", "H264", "AV1"] as const) {
    assert.equal(isKeyFrameStart(codec, packet), false, codec);
    assert.equal(readPictureSize(codec, packet), undefined, codec);
  }
});

Deno.test("a codec that is none is a fault of ours", () => {
  const packet = packetWith(new Uint8Array(3));
  // The compiler lets nobody ask this; a table that was built wrongly might.
  const codec = "H265" as CodecName;

  assert.throws(() => isKeyFrameStart(codec, packet), TypeError);
  assert.throws(() => readPictureSize(codec, packet), TypeError);
});
