/** The VP8 payload descriptor (RFC 7741), with the examples of its section 4.6. */
import assert from "node:assert/strict";
import { readVp8PictureSize, Vp8Descriptor } from "../../../src/media/rtp/vp8.ts";
import { hex } from "./hex.ts";

const KEY_FRAME = "10 02 00 9d 01 2a 80 02 68 01";
const DELTA_FRAME = "31 04 00";

Deno.test("Vp8Descriptor.read takes each form apart", () => {
  const none = { pictureId: -1, tl0PicIdx: -1, temporalId: -1, pictureIdOffset: -1, tl0Offset: -1 };
  const table = {
    "only the first byte": {
      digits: "10",
      ...{ ...none, length: 1 },
    },
    "a 7-bit picture id (section 4.6.2)": {
      digits: "90 80 11",
      ...{ ...none, length: 3, pictureId: 17, pictureIdOffset: 2 },
    },
    "a 15-bit picture id (section 4.6.4)": {
      digits: "90 80 92 34",
      ...{ ...none, length: 4, pictureId: 0x1234, pictureIdOffset: 2 },
    },
    "layers without a picture id": {
      digits: "90 60 07 80",
      ...{ ...none, length: 4, tl0PicIdx: 7, tl0Offset: 2, temporalId: 2 },
    },
    "a key index without layers": {
      digits: "90 10 1f",
      ...{ ...none, length: 3 },
    },
    "all of it": {
      digits: "90 f0 ff ff fe 7f",
      ...{ length: 6, pictureId: 0x7fff, pictureIdOffset: 2, tl0PicIdx: 0xfe },
      ...{ tl0Offset: 4, temporalId: 1 },
    },
    "an extension byte that names nothing": {
      digits: "90 00",
      ...{ ...none, length: 2 },
    },
  };

  for (const [what, { digits, ...expected }] of Object.entries(table)) {
    const descriptor = new Vp8Descriptor();
    assert.ok(descriptor.read(hex(digits + KEY_FRAME), 0, 99), what);
    const { length, pictureId, pictureIdOffset, tl0PicIdx, tl0Offset, temporalId } = descriptor;
    const found = { length, pictureId, pictureIdOffset, tl0PicIdx, tl0Offset, temporalId };
    assert.deepEqual(found, expected, what);
    assert.equal(descriptor.isFrameStart, true, what);
    assert.equal(descriptor.isKeyFrame, true, what);
  }
});

Deno.test("Vp8Descriptor.read tells where offsets stand in the whole packet", () => {
  const descriptor = new Vp8Descriptor();

  assert.ok(descriptor.read(hex(`ffffff 90 c0 92 34 05 ${KEY_FRAME}`), 3, 99));

  assert.equal(descriptor.length, 5);
  assert.equal(descriptor.pictureIdOffset, 5);
  assert.equal(descriptor.isLongPictureId, true);
  assert.equal(descriptor.tl0Offset, 7);
});

Deno.test("Vp8Descriptor.read sees a key frame at its first packet alone", () => {
  const table = [
    [`10 ${KEY_FRAME}`, true, true],
    [`10 ${DELTA_FRAME}`, true, false],
    // S of another partition begins no frame.
    [`11 ${KEY_FRAME}`, false, false],
    [`00 ${KEY_FRAME}`, false, false],
  ] as const;

  for (const [digits, isFrameStart, isKeyFrame] of table) {
    const descriptor = new Vp8Descriptor();
    assert.ok(descriptor.read(hex(digits), 0, 99));
    assert.equal(descriptor.isFrameStart, isFrameStart, digits);
    assert.equal(descriptor.isKeyFrame, isKeyFrame, digits);
  }
});

Deno.test("Vp8Descriptor.read sees where a temporal layer can be taken up", () => {
  const descriptor = new Vp8Descriptor();

  assert.ok(descriptor.read(hex("90 20 a0 31"), 0, 4));
  assert.equal(descriptor.temporalId, 2);
  assert.equal(descriptor.isLayerSync, true);

  assert.ok(descriptor.read(hex("90 10 20 31"), 0, 4));
  assert.equal(descriptor.isLayerSync, false);
});

Deno.test("Vp8Descriptor.read leaves nothing of the packet before", () => {
  const descriptor = new Vp8Descriptor();
  descriptor.read(hex(`90 f0 ff ff fe 7f ${KEY_FRAME}`), 0, 99);

  assert.ok(descriptor.read(hex(`00 ${DELTA_FRAME}`), 0, 99));

  assert.deepEqual(descriptor, Object.assign(new Vp8Descriptor(), { length: 1 }));
});

Deno.test("Vp8Descriptor.read refuses a descriptor that is cut, or has nothing behind it", () => {
  for (const digits of ["", "10", "90", "90 80", "90 80 92", "90 80 92 34", "90 f0 ff ff fe 7f"]) {
    assert.equal(new Vp8Descriptor().read(hex(digits), 0, 99), false, digits);
  }
  assert.equal(new Vp8Descriptor().read(hex(`10 ${KEY_FRAME}`), 0, 1), false);
  assert.equal(new Vp8Descriptor().read(hex(`10 ${KEY_FRAME}`), 20, 30), false);
});

Deno.test("readVp8PictureSize reads the size of a key frame, without the bits that scale it", () => {
  assert.deepEqual(readVp8PictureSize(hex(KEY_FRAME), 0, 10), { width: 640, height: 360 });
  const scaled = hex("10 02 00 9d 01 2a 80 42 68 c1");
  assert.deepEqual(readVp8PictureSize(scaled, 0, 10), { width: 640, height: 360 });
});

Deno.test("readVp8PictureSize says nothing of what is no key frame, or cut", () => {
  assert.equal(readVp8PictureSize(hex(KEY_FRAME), 0, 9), undefined);
  assert.equal(readVp8PictureSize(hex(KEY_FRAME).subarray(0, 9), 0, 10), undefined);
  assert.equal(readVp8PictureSize(hex(`${DELTA_FRAME} 9d012a80026801`), 0, 10), undefined);
  assert.equal(readVp8PictureSize(hex("10 02 00 9d 01 2b 80 02 68 01"), 0, 10), undefined);
});
