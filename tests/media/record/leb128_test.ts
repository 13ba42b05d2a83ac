/** Lengths as AV1 writes them. */
import assert from "node:assert/strict";
import { lebLengthAt, readLeb } from "../../../src/media/record/leb128.ts";
import { hex } from "../rtp/hex.ts";

Deno.test("readLeb reads numbers of one byte and more", () => {
  for (
    const [digits, value] of [["00", 0], ["7f", 127], ["8001", 128], ["e58e26", 624_485]] as const
  ) {
    const bytes = hex(digits);
    assert.equal(readLeb(bytes, 0, bytes.length), value);
    assert.equal(lebLengthAt(bytes, 0), bytes.length);
  }
});

Deno.test("readLeb refuses numbers that end too late, or not", () => {
  assert.equal(readLeb(hex("80"), 0, 1), -1);
  assert.equal(readLeb(hex("8001"), 0, 1), -1);
  assert.equal(readLeb(hex("8080808001"), 0, 5), -1);
  assert.equal(readLeb(hex(""), 0, 0), -1);
});
