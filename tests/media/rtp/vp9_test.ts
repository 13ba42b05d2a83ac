/** The VP9 payload descriptor (RFC 9628), of hand-made bytes and of a browser's. */
import assert from "node:assert/strict";
import { Vp9Descriptor } from "../../../src/media/rtp/vp9.ts";
import { hex } from "./hex.ts";

const PAYLOAD = "82 49 83";

Deno.test("Vp9Descriptor.read takes each form apart", () => {
  const none = {
    pictureId: -1,
    pictureIdOffset: -1,
    tl0PicIdx: -1,
    tl0Offset: -1,
    spatialId: -1,
    temporalId: -1,
    layerCount: 0,
  };
  const layers = { spatialId: 2, temporalId: 5 };
  const table = {
    "only the first byte": { digits: "0c", ...{ ...none, length: 1 } },
    "a 7-bit picture id": {
      digits: "8c 11",
      ...{ ...none, length: 2, pictureId: 17, pictureIdOffset: 1 },
    },
    "a 15-bit picture id": {
      digits: "8c 92 34",
      ...{ ...none, length: 3, pictureId: 0x1234, pictureIdOffset: 1 },
    },
    "layers of the non-flexible mode": {
      digits: "2c a4 07",
      ...{ ...none, length: 3, ...layers, tl0PicIdx: 7, tl0Offset: 2 },
    },
    "layers of the flexible mode": {
      digits: "3c a4",
      ...{ ...none, length: 2, ...layers },
    },
    "one reference of the flexible mode": {
      digits: "7c a4 02",
      ...{ ...none, length: 3, ...layers },
    },
    "three references of the flexible mode": {
      digits: "7c a4 03 05 06",
      ...{ ...none, length: 5, ...layers },
    },
    "a structure of nothing": {
      digits: "0e 00",
      ...{ ...none, length: 2, layerCount: 1 },
    },
    "a structure with sizes": {
      digits: "0e 30 0140 00b4 0280 0168",
      ...{ ...none, length: 10, layerCount: 2 },
    },
    "a structure with a group of pictures": {
      // Three pictures: none, one and three references.
      digits: "0e 08 03 00 04 01 0c 01 02 03",
      ...{ ...none, length: 10, layerCount: 1 },
    },
    "all of it": {
      digits: "ee 92 34 a4 07 18 0140 00b4 01 04 01",
      ...{ ...layers, pictureId: 0x1234, pictureIdOffset: 1, tl0PicIdx: 7, tl0Offset: 4 },
      ...{ length: 13, layerCount: 1 },
    },
  };

  for (const [what, { digits, ...expected }] of Object.entries(table)) {
    const descriptor = new Vp9Descriptor();
    assert.ok(descriptor.read(hex(digits + PAYLOAD), 0, 99), what);
    const { length, pictureId, pictureIdOffset, tl0PicIdx, tl0Offset } = descriptor;
    const { spatialId, temporalId, layerCount } = descriptor;
    assert.deepEqual(
      {
        ...{ length, pictureId, pictureIdOffset, tl0PicIdx, tl0Offset },
        ...{ spatialId, temporalId, layerCount },
      },
      expected,
      what,
    );
  }
});

Deno.test("Vp9Descriptor.read tells where offsets stand in the whole packet", () => {
  const descriptor = new Vp9Descriptor();

  assert.ok(descriptor.read(hex(`ffffff ac 92 34 a4 07 ${PAYLOAD}`), 3, 99));

  assert.equal(descriptor.length, 5);
  assert.equal(descriptor.pictureIdOffset, 4);
  assert.equal(descriptor.isLongPictureId, true);
  assert.equal(descriptor.tl0Offset, 7);
});

Deno.test("Vp9Descriptor.read reads each flag", () => {
  const table = [
    ["3c 00", { isFrameStart: true, isFrameEnd: true, isKeyFrame: true }],
    ["38 00", { isFrameStart: true, isKeyFrame: true }],
    ["34 00", { isFrameEnd: true }],
    ["08", { isFrameStart: true, isKeyFrame: true }],
    ["70 00 02", { isInterPicture: true }],
    ["78 00 02", { isInterPicture: true, isFrameStart: true }],
    ["30 10", { isSwitchingUp: true }],
    ["30 01", { isInterLayer: true }],
    // A higher layer of a key picture needs the lowest one.
    ["38 03", { isFrameStart: true, isInterLayer: true }],
  ] as const;
  const none = {
    isFrameStart: false,
    isFrameEnd: false,
    isKeyFrame: false,
    isInterPicture: false,
    isSwitchingUp: false,
    isInterLayer: false,
  };

  for (const [digits, expected] of table) {
    const descriptor = new Vp9Descriptor();
    assert.ok(descriptor.read(hex(digits + PAYLOAD), 0, 99), digits);
    const { isFrameStart, isFrameEnd, isKeyFrame } = descriptor;
    const { isInterPicture, isSwitchingUp, isInterLayer } = descriptor;
    assert.deepEqual(
      {
        ...{ isFrameStart, isFrameEnd, isKeyFrame },
        ...{ isInterPicture, isSwitchingUp, isInterLayer },
      },
      { ...none, ...expected },
      digits,
    );
  }
});

Deno.test("Vp9Descriptor.read reads what a browser says of its layers", () => {
  const descriptor = new Vp9Descriptor();

  const key = "ba a211 10 50 014000b4 02800168 050002d0";
  assert.ok(descriptor.read(hex(`${key} ${PAYLOAD}`), 0, 99));
  assert.equal(descriptor.pictureId, 0x2211);
  assert.equal(descriptor.layerCount, 3);
  assert.deepEqual([...descriptor.widths.slice(0, 3)], [320, 640, 1280]);
  assert.deepEqual([...descriptor.heights.slice(0, 3)], [180, 360, 720]);
  assert.ok(descriptor.isKeyFrame);
});

Deno.test("Vp9Descriptor.read leaves nothing of the packet before", () => {
  const descriptor = new Vp9Descriptor();
  descriptor.read(hex(`ee 92 34 b5 07 18 0140 00b4 01 04 01 ${PAYLOAD}`), 0, 99);

  assert.ok(descriptor.read(hex(`00 ${PAYLOAD}`), 0, 99));

  const { widths, heights } = descriptor;
  assert.deepEqual(
    descriptor,
    Object.assign(new Vp9Descriptor(), { length: 1, widths, heights }),
  );
});

Deno.test("Vp9Descriptor.read refuses a descriptor that is cut, or has nothing behind it", () => {
  const table = [
    ...[
      "",
      "0c",
      "8c",
      "8c 92",
      "8c 92 34",
      "2c",
      "2c a4",
      "2c a4 07",
      "3c a4",
      "7c a4",
      "7c a4 02",
    ],
    ...["7c a4 03 05", "7c a4 03 05 06", "0e", "0e 30 0140", "0e 30 0140 00b4 0280 0168", "0e 08"],
    ...["0e 08 03 00 04", "0e 08 03 00 04 01 0c 01 02 03", "0e 08 ff"],
  ];

  for (const digits of table) {
    assert.equal(new Vp9Descriptor().read(hex(digits), 0, 99), false, digits);
  }
  assert.equal(new Vp9Descriptor().read(hex(`0c ${PAYLOAD}`), 0, 1), false);
  assert.equal(new Vp9Descriptor().read(hex(`0c ${PAYLOAD}`), 9, 20), false);
});

Deno.test("Vp9Descriptor.read refuses more references than the RFC has", () => {
  assert.equal(new Vp9Descriptor().read(hex(`7c a4 03 05 07 08 ${PAYLOAD}`), 0, 99), false);
  // The structure behind them is not looked at.
  assert.equal(new Vp9Descriptor().read(hex(`7e a4 03 05 07 08 ${PAYLOAD}`), 0, 99), false);
});
