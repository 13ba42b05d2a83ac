/** VP9 pictures from payloads: one layer, or several in a superframe. */
import assert from "node:assert/strict";
import { FrameBytes } from "../../../src/media/record/frame_bytes.ts";
import { Vp9Reader } from "../../../src/media/record/vp9_reader.ts";
import { hex } from "../rtp/hex.ts";
import { packetOf } from "./packets.ts";

function read(...payloads: string[]) {
  const [reader, frame] = [new Vp9Reader(), new FrameBytes()];
  reader.begin();
  const taken = payloads.map((digits) => reader.append(packetOf({ payload: hex(digits) }), frame));
  return { taken, isWhole: reader.finish(frame), frame: frame.copy() };
}

Deno.test("Vp9Reader joins the packets of a picture of one layer", () => {
  assert.deepEqual(read("08 aabb", "00 cc", "04 dd"), {
    taken: [true, true, true],
    isWhole: true,
    frame: hex("aabbccdd"),
  });
});

Deno.test("Vp9Reader writes an index behind the layers of a picture", () => {
  // Layer 0 in one packet, layer 1 in two: L, flexible mode.
  const { isWhole, frame } = read("3c 00 aabbcc", "38 03 dd", "34 03 ee");

  assert.ok(isWhole);
  assert.deepEqual(frame, hex("aabbcc ddee  d9 03000000 02000000 d9"));
});

Deno.test("Vp9Reader refuses layers that are not whole, or not in order", () => {
  assert.deepEqual(read("00 aa").taken, [false]);
  assert.deepEqual(read("08 aa", "08 bb").taken, [true, false]);
  assert.deepEqual(read("0c aa", "04 bb").taken, [true, false]);
  assert.equal(read("08 aa").isWhole, false);
  assert.equal(read().isWhole, false);
  assert.equal(read("0c aa", "08 bb").isWhole, false);
});

Deno.test("Vp9Reader refuses more layers than there can be, and payloads that are cut", () => {
  const nine = read(...Array.from({ length: 9 }, () => "0c aa"));

  assert.deepEqual(nine.taken, [true, true, true, true, true, true, true, true, false]);
  assert.deepEqual(read("0c", "8c 80").taken, [false, false]);
});

Deno.test("Vp9Reader.begin forgets the picture before", () => {
  const [reader, frame] = [new Vp9Reader(), new FrameBytes()];
  reader.append(packetOf({ payload: hex("0c aa") }), frame);
  reader.append(packetOf({ payload: hex("08 bb") }), frame);

  frame.clear();
  reader.begin();
  reader.append(packetOf({ payload: hex("0c cc") }), frame);

  assert.ok(reader.finish(frame));
  assert.deepEqual(frame.copy(), hex("cc"));
});
