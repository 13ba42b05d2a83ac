/** Bytes that grow, up to a bound. */
import assert from "node:assert/strict";
import { FrameBytes, MAX_FRAME_BYTES } from "../../../src/media/record/frame_bytes.ts";

Deno.test("FrameBytes joins parts and keeps them while it grows", () => {
  const frame = new FrameBytes();
  const part = Uint8Array.from({ length: 20_000 }, (_, index) => index & 0xff);

  assert.ok(frame.append(part, 0, part.length));
  assert.ok(frame.appendByte(7));
  assert.ok(frame.append(part, 1, 20_000));

  assert.equal(frame.length, 40_000);
  assert.deepEqual(frame.copy(), Uint8Array.of(...part, 7, ...part.subarray(1)));
  assert.deepEqual(frame.view(), frame.copy());
});

Deno.test("FrameBytes refuses what is too much, and stays as it is", () => {
  const frame = new FrameBytes();
  const half = new Uint8Array(MAX_FRAME_BYTES / 2);
  frame.append(half, 0, half.length);
  frame.append(half, 0, half.length);

  assert.equal(frame.appendByte(1), false);
  assert.equal(frame.append(half, 0, 1), false);

  assert.equal(frame.length, MAX_FRAME_BYTES);
});

Deno.test("FrameBytes.clear begins anew, and copies stay", () => {
  const frame = new FrameBytes();
  frame.appendByte(1);
  const copy = frame.copy();

  frame.clear();
  frame.appendByte(2);

  assert.deepEqual([copy, frame.copy()], [Uint8Array.of(1), Uint8Array.of(2)]);
});
