/** H.264 access units from payloads. */
import assert from "node:assert/strict";
import { FrameBytes } from "../../../src/media/record/frame_bytes.ts";
import { H264Reader } from "../../../src/media/record/h264_reader.ts";
import { hex } from "../rtp/hex.ts";
import { packetOf } from "./packets.ts";

function read(reader: H264Reader, ...payloads: string[]) {
  const frame = new FrameBytes();
  reader.begin();
  const taken = payloads.map((digits) => reader.append(packetOf({ payload: hex(digits) }), frame));
  return { taken, isWhole: reader.finish(frame), frame: frame.copy() };
}

Deno.test("H264Reader puts a start code in front of each unit, alone or aggregated", () => {
  const { isWhole, frame } = read(new H264Reader(), "78 0003 67aabb 0002 68cc", "65 8001", "65 02");

  assert.ok(isWhole);
  assert.deepEqual(frame, hex("00000001 67aabb 00000001 68cc 00000001 658001 00000001 6502"));
});

Deno.test("H264Reader joins fragments under the header that they tell", () => {
  const { isWhole, frame } = read(new H264Reader(), "7c81 aabb", "7c01 cc", "7c41 dd");

  assert.ok(isWhole);
  assert.deepEqual(frame, hex("00000001 61 aabbccdd"));
});

Deno.test("H264Reader refuses fragments without beginning, and what comes between them", () => {
  assert.deepEqual(read(new H264Reader(), "7c01 aa").taken, [false]);
  assert.deepEqual(read(new H264Reader(), "7c81 aa", "61 bb").taken, [true, false]);
  assert.deepEqual(read(new H264Reader(), "7c81 aa", "7c81 bb").taken, [true, false]);
  assert.equal(read(new H264Reader(), "7c81 aa").isWhole, false);
});

Deno.test("H264Reader refuses what packetization mode 1 has not, and lengths that lie", () => {
  const reader = new H264Reader();
  for (
    const digits of [
      "00",
      "79 0001 61",
      "7d 81 aa",
      "1f aa",
      "7c81",
      "78",
      "78 0003 67aa",
      "78 0000",
    ]
  ) {
    assert.deepEqual(read(reader, digits).taken, [false], digits);
  }
  assert.deepEqual(read(reader, "78 0002 67aa 00").taken, [false]);
  assert.equal(read(reader).isWhole, false);
});

Deno.test("H264Reader gives a key frame the last parameter sets where it has none", () => {
  const reader = new H264Reader();
  read(reader, "67aa", "68bb", "65 80");

  assert.deepEqual(
    read(reader, "65 80", "65 01").frame,
    hex("00000001 67aa 00000001 68bb 00000001 6580 00000001 6501"),
  );
  assert.deepEqual(read(reader, "61 80").frame, hex("00000001 6180"));
  assert.deepEqual(
    read(reader, "67cc", "68bb", "7cc5 80").frame,
    hex("00000001 67cc 00000001 68bb 00000001 6580"),
  );
  assert.deepEqual(
    read(reader, "7cc5 80").frame,
    hex("00000001 67cc 00000001 68bb 00000001 6580"),
  );
});
