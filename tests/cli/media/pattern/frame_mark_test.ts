/** The number of a frame beside its picture. */
import assert from "node:assert/strict";
import { UNIT_TYPES, unitOf } from "../../../../cli/media/pattern/bit_writer.ts";
import { frameMark, readFrameMark } from "../../../../cli/media/pattern/frame_mark.ts";

Deno.test("readFrameMark reads what frameMark writes, zeros and all", () => {
  for (const number of [0, 1, 255, 65_536, 2 ** 32 - 1]) {
    const mark = { number, madeAtMs: 1_764_444_000_123 };

    assert.deepEqual(readFrameMark(frameMark(mark)), mark);
  }
});

Deno.test("readFrameMark reads nothing of other units", () => {
  const unit = frameMark({ number: 1, madeAtMs: 2 });

  assert.equal(readFrameMark(unit.slice(0, 12)), undefined);
  assert.equal(readFrameMark(unit.with(4, unit[4]! ^ 1)), undefined);
  assert.equal(readFrameMark(unitOf(UNIT_TYPES.slice, unit.slice(1))), undefined);
});
