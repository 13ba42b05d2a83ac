/** The heads of synthetic VP8 packets, as the server reads them. */
import assert from "node:assert/strict";
import { DESCRIPTOR_BYTES, frameHeaderBytes, writeVp8Head } from "../../../cli/media/vp8_head.ts";
import { readVp8PictureSize, Vp8Descriptor } from "../../../src/media/rtp/vp8.ts";

const SIZE = { width: 1_280, height: 720 };

for (
  const [isKeyFrame, isFrameStart, length] of [
    [true, true, 16],
    [false, true, 9],
    [true, false, 6],
    [false, false, 6],
  ] as const
) {
  Deno.test(`writeVp8Head writes ${isKeyFrame ? "a key" : "another"} frame's ${isFrameStart ? "first" : "later"} packet`, () => {
    const bytes = new Uint8Array(40);
    const head = { ...SIZE, pictureId: 0x1_8234, isKeyFrame, isFrameStart };

    assert.equal(writeVp8Head(bytes, head), length);
    assert.equal(DESCRIPTOR_BYTES + frameHeaderBytes(head), length);

    const descriptor = new Vp8Descriptor();
    assert.equal(descriptor.read(bytes, 0, bytes.length), true);
    assert.equal(descriptor.length, DESCRIPTOR_BYTES);
    assert.equal(descriptor.pictureId, 0x0234);
    assert.equal(descriptor.isLongPictureId, true);
    assert.equal(descriptor.tl0PicIdx, 0x34);
    assert.equal(descriptor.temporalId, 0);
    assert.equal(descriptor.isFrameStart, isFrameStart);
    assert.equal(descriptor.isKeyFrame, isKeyFrame && isFrameStart);
    const size = readVp8PictureSize(bytes, DESCRIPTOR_BYTES, bytes.length);
    assert.deepEqual(size, isKeyFrame && isFrameStart ? SIZE : undefined);
  });
}
