/** AV1 temporal units from payloads. */
import assert from "node:assert/strict";
import { Av1Reader } from "../../../src/media/record/av1_reader.ts";
import { FrameBytes } from "../../../src/media/record/frame_bytes.ts";
import { hex } from "../rtp/hex.ts";
import { packetOf } from "./packets.ts";

function read(...payloads: string[]) {
  const [reader, frame] = [new Av1Reader(), new FrameBytes()];
  reader.begin();
  const taken = payloads.map((digits) => reader.append(packetOf({ payload: hex(digits) }), frame));
  return { taken, isWhole: reader.finish(frame), frame: frame.copy() };
}

Deno.test("Av1Reader gives units the sizes that they come without", () => {
  // W = 2: a sequence header of three bytes, then a frame.
  assert.deepEqual(read("28 03 08aabb 30ccddee"), {
    taken: [true],
    isWhole: true,
    frame: hex("0a02aabb 3203ccddee"),
  });
});

Deno.test("Av1Reader reads elements that all have a length, units with sizes and extensions", () => {
  const { isWhole, frame } = read("00 02 30aa 04 3401bbcc 04 3202ddee");

  assert.ok(isWhole);
  assert.deepEqual(frame, hex("3201aa 360102bbcc 3202ddee"));
});

Deno.test("Av1Reader joins a unit that goes through three packets", () => {
  const { isWhole, frame } = read("50 30aa", "d0 bb", "a0 01 cc 30dd");

  assert.ok(isWhole);
  assert.deepEqual(frame, hex("3203aabbcc 3201dd"));
});

Deno.test("Av1Reader writes sizes of more than seven bits", () => {
  const content = "ab".repeat(300);

  assert.deepEqual(read(`10 30 ${content}`).frame, hex(`32 ac02 ${content}`));
});

Deno.test("Av1Reader leaves out delimiters, tile lists and padding", () => {
  assert.deepEqual(read("00 01 10 02 40aa 02 78bb 02 30cc").frame, hex("3201cc"));
  assert.equal(read("10 10").isWhole, false);
});

Deno.test("Av1Reader refuses rests without a beginning, and beginnings without a rest", () => {
  assert.deepEqual(read("90 aa").taken, [false]);
  assert.deepEqual(read("50 30aa", "10 30bb").taken, [true, false]);
  assert.equal(read("50 30aa").isWhole, false);
});

Deno.test("Av1Reader refuses lengths that lie", () => {
  for (
    const digits of [
      "10",
      "20 05 30aa",
      "20 01 30",
      "00 ff",
      "00 ffffffff7f",
      "10 32 05aa",
      "10 b0aa",
    ]
  ) {
    assert.deepEqual(read(digits).taken, [false], digits);
  }
});
