/** Pictures of blocks. */
import assert from "node:assert/strict";
import { BlockPicture, isSameColour } from "../../../../cli/media/pattern/block_picture.ts";

const GREY = { y: 128, u: 128, v: 128 };
const RED = { y: 65, u: 100, v: 212 };

Deno.test("BlockPicture.paint paints within the edges, and nothing beyond", () => {
  const picture = new BlockPicture(4, 3, GREY);
  picture.paint({ column: 3, row: -1, columns: 5, rows: 2 }, RED);

  assert.deepEqual(picture.at(3, 0), RED);
  assert.deepEqual([picture.at(2, 0), picture.at(3, 1)], [GREY, GREY]);
  assert.deepEqual(
    [picture.at(4, 0), picture.at(-1, 0), picture.at(0, 3)],
    Array(3).fill(undefined),
  );
});

Deno.test("isSameColour knows no colour beyond the edges", () => {
  assert.ok(isSameColour(RED, { ...RED }));
  assert.ok(!isSameColour(RED, GREY));
  assert.ok(!isSameColour(undefined, undefined));
});
