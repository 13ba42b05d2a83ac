/** Sizes of sequence parameter sets, as x264 and OpenH264 write them and by hand. */
import assert from "node:assert/strict";
import { readSpsPictureSize } from "../../../src/media/rtp/h264_sps.ts";
import { bits, hex } from "./hex.ts";

Deno.test("readSpsPictureSize reads what encoders write", () => {
  const table = [
    ["OpenH264", "42c01f8c8d405017fcb37010d01078442350", 640, 360],
    ["OpenH264, cropped", "42c01e8c8d40f047f537010d0107844235", 480, 270],
    ["baseline", "42c01fd9005005bb0110000003001000000300a0f1832480", 1280, 720],
    ["baseline, cropped both ways", "42c00bd901419ea230110000030001000003000a0f142a48", 318, 178],
    ["high", "64001facd9405005bb0110000003001000000300a0f1831960", 1280, 720],
    ["high 4:2:2", "7a000cbcd941419ea3f0110000030001000003000a0f142996", 318, 178],
    ["high 4:4:4", "f4000c919b282833dc7e022000000300200000030141e28532c0", 318, 178],
    ["interlaced", "640020acd940500bbf2e022000000300200000030143e2c5b2c0", 1280, 720],
  ] as const;

  for (const [what, digits, width, height] of table) {
    const bytes = hex(digits);
    assert.deepEqual(readSpsPictureSize(bytes, 0, bytes.length), { width, height }, what);
  }
});

Deno.test("readSpsPictureSize passes over what stands ahead of the size", () => {
  const baseline = "01000010 00000000 00011111 1";
  const high = (profile: string, rest: string) => `${profile} 00000000 00011111 1 ${rest}`;
  // Reference frames, gaps, 4 x 3 macroblocks, frames only, no 8x8 inference, not cropped.
  const size = "1 0 00100 011 1 0 0 1";
  const flatList = "1 1111111111111111";
  // A first difference of -8 ends a list at once: se(-8) is ue(16).
  const endedList = "1 000010001";
  const table = {
    "picture order of type 0": `${baseline} 1 1 1 ${size}`,
    "picture order of type 2": `${baseline} 1 011 ${size}`,
    "picture order of type 1": `${baseline} 1 010 1 1 1 011 1 1 ${size}`,
    "a profile with depths": high("01100100", `010 1 1 0 0 1 1 1 ${size}`),
    "planes that are coded apart": high("11110100", `00100 1 1 1 0 0 1 1 1 ${size}`),
    "scaling lists": high(
      "01100100",
      `010 1 1 0 1 ${flatList} ${endedList} 0 0 0 0 0 ${endedList} 1 1 1 ${size}`,
    ),
    "twelve scaling lists": high(
      "11110100",
      `00100 0 1 1 0 1 ${"0".repeat(11)} ${endedList} 1 1 1 ${size}`,
    ),
  };

  for (const [what, digits] of Object.entries(table)) {
    const bytes = bits(digits);
    assert.deepEqual(readSpsPictureSize(bytes, 0, bytes.length), { width: 64, height: 48 }, what);
  }
});

Deno.test("readSpsPictureSize crops by the units of the chroma format", () => {
  const size = (chroma: string) =>
    `11110100 00000000 00011111 1 ${chroma} 1 1 0 0 1 1 1 1 0 00100 011 1 0 1 010 1 1 010 1`;
  const table = [
    ["monochrome", "1", 63, 47],
    ["4:2:0", "010", 62, 46],
    ["4:2:2", "011", 62, 47],
    ["4:4:4", "00100 0", 63, 47],
  ] as const;

  for (const [what, chroma, width, height] of table) {
    const bytes = bits(size(chroma));
    assert.deepEqual(readSpsPictureSize(bytes, 0, bytes.length), { width, height }, what);
  }
});

Deno.test("readSpsPictureSize says nothing of what is cut or absurd", () => {
  const whole = hex("42c01f8c8d405017fcb3");
  const tooWide = bits(
    `01000010 00000000 00011111 1 1 1 1 1 0 ${"0".repeat(20)}1${"1".repeat(20)} 1 1 0 0 1`,
  );
  // Cropped by more than there is: 2 macroblocks less 2 * 40 pixels.
  const nothingLeft = bits(
    "01000010 00000000 00011111 1 1 1 1 1 0 010 010 1 0 1 00000101001 1 1 1 1",
  );

  for (let end = 0; end < 8; end++) {
    assert.equal(readSpsPictureSize(whole, 0, end), undefined, `${end} bytes`);
  }
  assert.equal(readSpsPictureSize(tooWide, 0, tooWide.length), undefined);
  assert.equal(readSpsPictureSize(nothingLeft, 0, nothingLeft.length), undefined);
  assert.equal(readSpsPictureSize(new Uint8Array(5_000), 0, 5_000), undefined);
});
