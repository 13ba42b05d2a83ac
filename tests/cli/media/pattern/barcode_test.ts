/** The number of a frame as light and dark cells. */
import assert from "node:assert/strict";
import { CELLS, cellsOf, NUMBERS, readCells } from "../../../../cli/media/pattern/barcode.ts";

const seen = (cells: readonly boolean[]): number[] => cells.map((isLight) => isLight ? 220 : 30);

Deno.test("readCells reads every number that cellsOf writes", () => {
  for (let number = 0; number < NUMBERS; number += 7) {
    assert.equal(readCells(seen(cellsOf(number))), number);
  }
  assert.equal(readCells(seen(cellsOf(NUMBERS + 3))), 3);
});

Deno.test("cellsOf changes one bit and its check from one number to the next", () => {
  for (let number = 0; number < 300; number++) {
    const [one, next] = [cellsOf(number), cellsOf(number + 1)];

    assert.equal(one.filter((isLight, index) => isLight !== next[index]).length, 2);
  }
});

Deno.test("readCells reads no number where a cell is wrong, or nothing stands out", () => {
  const cells = seen(cellsOf(1_234));
  for (let index = 0; index < CELLS; index++) {
    const wrong = cells.with(index, 250 - cells[index]!);

    assert.equal(readCells(wrong), undefined, `cell ${index}`);
  }
  assert.equal(readCells(Array(CELLS).fill(128)), undefined);
  assert.equal(readCells(cells.slice(1)), undefined);
});
