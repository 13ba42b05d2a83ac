/** Where AV1 sequences begin, and how large they are (av1-rtp-spec, section 4). */
import assert from "node:assert/strict";
import { isAv1KeyFrameStart, readAv1PictureSize } from "../../../src/media/rtp/av1.ts";
import { hex, packetWith } from "./hex.ts";

/** Sequence headers as libaom writes them, with their length: 1280x720 and 318x178. */
const LARGE = "0a0b0000002d4cffb3ccaf9004";
const SMALL = "0a0b000000043cf6c4daf90040";
/** The same without: bit 2 of the header says that there is one. */
const BARE = `08${LARGE.slice(4)}`;
const FRAME = "3000";

Deno.test("isAv1KeyFrameStart goes by the N bit", () => {
  const table = [
    ["18 30", true],
    ["08 02 30 00", true],
    ["10 30", false],
    // A contradiction: nothing can go on in the first packet.
    ["98 30", false],
    ["08", false],
    ["", false],
  ] as const;

  for (const [digits, expected] of table) {
    assert.equal(isAv1KeyFrameStart(packetWith(hex(digits))), expected, digits);
  }
});

Deno.test("readAv1PictureSize finds the sequence header in each aggregation", () => {
  const large = { width: 1280, height: 720 };
  const table = {
    "one element, to the end": `18 ${BARE}`,
    "one element with a length of its own": `18 ${LARGE}`,
    "the first of two": `28 0c ${BARE} ${FRAME}`,
    "the second of two": `28 02 ${FRAME} ${BARE}`,
    "each with its length": `08 0c ${BARE} 02 ${FRAME}`,
    "a length of two bytes": `08 8c00 ${BARE} 02 ${FRAME}`,
    "behind the rest of another unit": `a0 02 0a0b ${BARE}`,
    "an extension in the header of the unit": `18 0c08 ${LARGE.slice(4)}`,
    "a length and an extension": `18 0e08 ${LARGE.slice(2)}`,
    "not the first packet of the sequence": `10 ${BARE}`,
  };

  for (const [what, digits] of Object.entries(table)) {
    assert.deepEqual(readAv1PictureSize(packetWith(hex(digits))), large, what);
  }
  assert.deepEqual(readAv1PictureSize(packetWith(hex(`18 ${SMALL}`))), { width: 318, height: 178 });
});

Deno.test("readAv1PictureSize says nothing without a whole sequence header", () => {
  const table = {
    "nothing": "",
    "no element": "18",
    "another unit": `18 ${FRAME}`,
    "only the rest of a unit": `90 ${BARE}`,
    "a header that is cut": `18 ${BARE.slice(0, 12)}`,
    "an element longer than the packet": `08 20 ${BARE}`,
    "an element without its whole length": "08 80",
    "a length of too many bytes": `08 80808080 00 ${BARE}`,
    "a unit longer than its element": `28 0d 0a0c ${LARGE.slice(4)} ${FRAME}`,
    "a unit without its whole length": "18 0a80",
    "elements of no length": "08 00 00 00",
  };

  for (const [what, digits] of Object.entries(table)) {
    assert.equal(readAv1PictureSize(packetWith(hex(digits))), undefined, what);
  }
});
