/** Sequence headers of AV1 by hand, for what encoders seldom write. */
import assert from "node:assert/strict";
import { readSequencePictureSize } from "../../../src/media/rtp/av1_sequence.ts";
import { bits } from "./hex.ts";

/** Ten bits each, less 1: 640x360. */
const SIZE = "1001 1000 1001111111 101100111";
const PROFILE = "000 0";
/** The operating point for everything, level 2.0. */
const POINT = "000000000000 00000";

Deno.test("readSequencePictureSize passes over everything ahead of the size", () => {
  const timing = `1 ${"0".repeat(64)}`;
  const table = {
    "a single point": `${PROFILE} 0 0 0 00000 ${POINT} ${SIZE}`,
    "a still picture": `${PROFILE} 1 00000 ${SIZE}`,
    "a level with a tier": `${PROFILE} 0 0 0 00000 000000000000 01000 1 ${SIZE}`,
    "two points": `${PROFILE} 0 0 0 00001 ${POINT} ${POINT} ${SIZE}`,
    "a display delay": `${PROFILE} 0 0 1 00001 ${POINT} 1 1111 ${POINT} 0 ${SIZE}`,
    "timing": `${PROFILE} 0 ${timing} 0 0 0 00000 ${POINT} ${SIZE}`,
    "timing of equal pictures": `${PROFILE} 0 ${timing} 1 00101 0 0 00000 ${POINT} ${SIZE}`,
    "a decoder model": `${PROFILE} 0 ${timing} 0 1 00011 ${"1".repeat(42)} 0 00001 ` +
      `${POINT} 1 1111 1111 1 ${POINT} 0 ${SIZE}`,
  };

  for (const [what, digits] of Object.entries(table)) {
    const bytes = bits(digits);
    const size = readSequencePictureSize(bytes, 0, bytes.length);
    assert.deepEqual(size, { width: 640, height: 360 }, what);
  }
});

Deno.test("readSequencePictureSize says nothing of what is cut", () => {
  const bytes = bits(`${PROFILE} 0 0 0 00000 ${POINT} ${SIZE}`);

  for (let end = 0; end < bytes.length; end++) {
    assert.equal(readSequencePictureSize(bytes, 0, end), undefined, `${end} bytes`);
  }
});
