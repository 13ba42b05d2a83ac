/** What the test pattern shows. */
import assert from "node:assert/strict";
import { CELLS, readCells } from "../../../../cli/media/pattern/barcode.ts";
import { BLOCK_PIXELS } from "../../../../cli/media/pattern/block_picture.ts";
import {
  BARCODE,
  BEEP,
  PATTERN_SIZE,
  testPicture,
} from "../../../../cli/media/pattern/test_picture.ts";

Deno.test("testPicture shows its number as a barcode", () => {
  for (const number of [0, 1, 24, 1_000, 65_535]) {
    const picture = testPicture(number);
    const cell = PATTERN_SIZE.width / CELLS / BLOCK_PIXELS;
    const row = (BARCODE.top + BARCODE.height / 2) / BLOCK_PIXELS;
    const cells = Array.from({ length: CELLS }, (_, index) => picture.at(index * cell, row)!.y);

    assert.equal(readCells(cells), number);
  }
});

Deno.test("testPicture lights up with each beep, and moves with each picture", () => {
  const lamp = (number: number) =>
    testPicture(number).at(PATTERN_SIZE.width / BLOCK_PIXELS - 4, 3)!.y;
  const moving = (number: number) =>
    Array.from({ length: 40 }, (_, column) => testPicture(number).at(column, 10)!.y).join();

  assert.equal(lamp(0), 235);
  assert.equal(lamp(BEEP.frames), 16);
  assert.equal(lamp(BEEP.every), 235);
  assert.notEqual(moving(10), moving(11));
});
