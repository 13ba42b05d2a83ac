/** Whole frames, and what becomes of those that are not. */
import assert from "node:assert/strict";
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import { type Frame, FrameAssembler } from "../../../src/media/record/frame_assembler.ts";
import { hex } from "../rtp/hex.ts";
import { packetOf, type PacketOptions } from "./packets.ts";

/** A VP8 key frame of 16x16 that begins, and a delta frame; behind descriptors of a byte. */
const KEY = "10 000000 9d012a 1000 1000";
const DELTA = "10 01";
const REST = "00 ff";
const ORIENTATION = 3;

function makeAssembler(codec: CodecName = "VP8") {
  const frames: Frame[] = [];
  const onFrame = (frame: Frame) => frames.push(frame);
  const assembler = new FrameAssembler({ codec, orientationId: ORIENTATION, onFrame });
  const push = (timestamp: number, payload: string, options: PacketOptions = {}) =>
    assembler.packet(packetOf({ timestamp, payload: hex(payload), ...options }), timestamp);
  const times = () => frames.map(({ rtpTimestamp }) => rtpTimestamp);
  return { assembler, frames, push, times };
}

Deno.test("FrameAssembler hands on a frame with its last packet", () => {
  const { frames, push } = makeAssembler();

  push(1, KEY);
  assert.equal(frames.length, 0);
  push(1, REST, { marker: true });
  push(2, DELTA, { marker: true });

  assert.deepEqual(frames, [
    {
      data: hex("000000 9d012a 1000 1000 ff"),
      isKeyFrame: true,
      picture: { width: 16, height: 16, codecString: "vp8" },
      rtpTimestamp: 1,
      arrivedAtMs: 1,
      rotation: 0,
    },
    { data: hex("01"), isKeyFrame: false, rtpTimestamp: 2, arrivedAtMs: 2, rotation: 0 },
  ]);
});

Deno.test("FrameAssembler ends a frame where the next one begins, though nobody marked it", () => {
  const { assembler, push, times } = makeAssembler();

  push(1, KEY);
  push(2, DELTA);
  assert.deepEqual(times(), [1]);
  assembler.flush();

  assert.deepEqual(times(), [1, 2]);
});

Deno.test("FrameAssembler begins with a key frame", () => {
  const { assembler, push, times } = makeAssembler();
  assert.ok(assembler.isWaitingForKey);

  push(1, DELTA, { marker: true });
  push(2, KEY, { marker: true });
  assert.equal(assembler.isWaitingForKey, false);
  push(3, DELTA, { marker: true });

  assert.deepEqual(times(), [2, 3]);
});

Deno.test("FrameAssembler drops what a lost packet has torn, and all up to a key frame", () => {
  const { assembler, push, times } = makeAssembler();
  push(1, KEY, { marker: true });

  push(2, DELTA);
  assembler.packetsLost();
  push(2, REST, { marker: true });
  assert.ok(assembler.isWaitingForKey);
  push(3, DELTA, { marker: true });
  push(4, KEY, { marker: true });

  assert.deepEqual(times(), [1, 4]);
});

Deno.test("FrameAssembler drops a key frame that a lost packet has torn", () => {
  const { assembler, push, times } = makeAssembler();

  push(1, KEY);
  assembler.packetsLost();
  push(1, REST, { marker: true });
  push(2, REST, { marker: true });
  push(3, KEY, { marker: true });

  assert.deepEqual(times(), [3]);
});

Deno.test("FrameAssembler keeps a frame that was whole when packets were lost behind it", () => {
  const { assembler, push, times } = makeAssembler();

  push(1, KEY, { marker: true });
  assembler.packetsLost();
  push(2, REST, { marker: true });
  push(3, KEY, { marker: true });

  assert.deepEqual(times(), [1, 3]);
});

Deno.test("FrameAssembler loses a sound alone, not those that follow", () => {
  const { assembler, push, times } = makeAssembler("opus");

  push(1, "f8 aa");
  assembler.packetsLost();
  push(3, "f8 bb", { marker: true });
  push(4, "fb 00");
  push(5, "f8 cc");

  assert.deepEqual(times(), [1, 3, 5]);
});

Deno.test("FrameAssembler passes over packets of padding", () => {
  const { push, times } = makeAssembler();

  push(1, KEY);
  push(1, "", { paddingBytes: 200 });
  push(2, "", { paddingBytes: 200 });
  push(1, REST, { marker: true });
  push(3, "", { paddingBytes: 200, marker: true });

  assert.deepEqual(times(), [1]);
});

Deno.test("FrameAssembler finds an H.264 key frame behind other units", () => {
  const { frames, push } = makeAssembler("H264");

  push(1, "09 f0");
  push(1, "67 42c01e da0280bfe5c0");
  push(1, "68 ce3c80");
  push(1, "65 8888", { marker: true });

  assert.deepEqual(frames.map(({ isKeyFrame, picture }) => [isKeyFrame, picture?.codecString]), [
    [true, "avc1.42c01e"],
  ]);
});

Deno.test("FrameAssembler leaves out key frames that do not say what they are", () => {
  const { assembler, push, times } = makeAssembler();

  push(1, "10 000000 9d012a 0000 0000", { marker: true });
  push(2, "10 00", { marker: true });

  assert.deepEqual(times(), []);
  assert.ok(assembler.isWaitingForKey);
});

Deno.test("FrameAssembler reads how pictures are turned, until it hears otherwise", () => {
  const { frames, push } = makeAssembler();
  const turned = (quarter: number) => ({
    marker: true,
    extensions: [{ id: ORIENTATION, bytes: Uint8Array.of(quarter) }],
  });

  push(1, KEY, turned(1));
  push(2, DELTA, { marker: true });
  push(3, KEY, turned(3));

  assert.deepEqual(frames.map(({ rotation }) => rotation), [90, 90, 270]);
});

Deno.test("FrameAssembler.restart forgets a frame, and skipToKeyFrame those that follow", () => {
  const { assembler, push, times } = makeAssembler();
  push(1, KEY, { marker: true });

  push(2, DELTA);
  assembler.restart();
  push(2, REST, { marker: true });
  push(3, KEY, { marker: true });
  assembler.skipToKeyFrame();
  push(4, DELTA, { marker: true });
  push(5, KEY, { marker: true });

  assert.deepEqual(times(), [1, 3, 5]);
});
