/** Picture ids of both lengths. */
import assert from "node:assert/strict";
import { pictureIdOf, writePictureId } from "../../../src/media/sfu/picture_id.ts";

Deno.test("pictureIdOf wraps at 7 and at 15 bits, also below 0", () => {
  const values = [0x7f, 0x80, 0x7fff, 0x8000, -1];

  assert.deepEqual(values.map((value) => pictureIdOf(value, false)), [0x7f, 0, 0x7f, 0, 0x7f]);
  assert.deepEqual(values.map((value) => pictureIdOf(value, true)), [
    ...[0x7f, 0x80, 0x7fff, 0, 0x7fff],
  ]);
});

Deno.test("writePictureId writes one byte, or two with the first bit set, and nothing else", () => {
  const bytes = new Uint8Array(4).fill(0xee);

  writePictureId(bytes, 1, false, 0x2a);
  assert.deepEqual([...bytes], [0xee, 0x2a, 0xee, 0xee]);
  writePictureId(bytes, 1, true, 0x1234);

  assert.deepEqual([...bytes], [0xee, 0x92, 0x34, 0xee]);
});
