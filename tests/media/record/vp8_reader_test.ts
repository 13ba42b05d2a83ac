/** VP8 frames from payloads. */
import assert from "node:assert/strict";
import { FrameBytes } from "../../../src/media/record/frame_bytes.ts";
import { Vp8Reader } from "../../../src/media/record/vp8_reader.ts";
import { hex } from "../rtp/hex.ts";
import { packetOf } from "./packets.ts";

/** Whether each payload is taken, and the frame that comes of them. */
function read(...payloads: string[]) {
  const [reader, frame] = [new Vp8Reader(), new FrameBytes()];
  reader.begin();
  const taken = payloads.map((digits) => reader.append(packetOf({ payload: hex(digits) }), frame));
  return { taken, isWhole: reader.finish(frame), frame: frame.copy() };
}

Deno.test("Vp8Reader takes the descriptors off, short and long", () => {
  assert.deepEqual(read("10 aabb", "00 cc", "80 80 8001 dd"), {
    taken: [true, true, true],
    isWhole: true,
    frame: hex("aabbccdd"),
  });
});

Deno.test("Vp8Reader refuses a frame without its beginning, and one with two", () => {
  assert.deepEqual(read("00 aa").taken, [false]);
  assert.deepEqual(read("10 aa", "10 bb").taken, [true, false]);
});

Deno.test("Vp8Reader refuses a payload that is all descriptor, and nothing is no frame", () => {
  assert.deepEqual(read("10", "90 80", "90"), {
    taken: [false, false, false],
    isWhole: false,
    frame: hex(""),
  });
});

Deno.test("Vp8Reader takes a partition's beginning for none of a frame", () => {
  // S is set, but PID is 1.
  assert.deepEqual(read("11 aa").taken, [false]);
  assert.deepEqual(read("10 aa", "11 bb").taken, [true, true]);
});
