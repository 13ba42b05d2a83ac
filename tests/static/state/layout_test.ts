/** Where the tiles stand: inside the stage, apart from each other, as large as can be. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  GAP,
  type Layout,
  layOutFocus,
  layOutGrid,
  mostTiles,
  type Rect,
  type StageSize,
} from "../../../static/state/layout.ts";

const DESK: StageSize = { width: 1256, height: 680 };
const PHONE: StageSize = { width: 344, height: 600 };
const stages = fc.record({
  width: fc.integer({ min: 120, max: 4_000 }),
  height: fc.integer({ min: 120, max: 3_000 }),
});

Deno.test("layOutGrid gives one alone the whole stage", () => {
  assert.deepEqual(layOutGrid(1, DESK).rest, [{ x: 0, y: 0, ...DESK }]);
});

for (
  const [stage, count, columns] of [[DESK, 2, 2], [DESK, 4, 2], [DESK, 9, 3], [PHONE, 2, 1], [
    PHONE,
    4,
    2,
  ]] as const
) {
  Deno.test(`layOutGrid has ${columns} columns for ${count} on ${stage.width} x ${stage.height}`, () => {
    const { rest } = layOutGrid(count, stage);

    assert.equal(new Set(rest.slice(0, columns).map(({ y }) => y)).size, 1);
    assert.equal(new Set(rest.map(({ x }) => x)).size, columns);
    assert.equal(rest.length, count);
  });
}

Deno.test("layOutGrid stands the last row in the middle", () => {
  const { rest } = layOutGrid(3, DESK);
  const last = rest[2]!;

  assert.ok(Math.abs(last.x + last.width / 2 - DESK.width / 2) <= 1);
});

Deno.test("layouts of any count on any stage stay inside it, whole, and touch nobody", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 60 }), stages, (count, stage) => {
    for (const layout of [layOutGrid(count, stage), layOutFocus(count, stage)]) {
      const all = rectsOf(layout);
      assert.deepEqual(all.filter((rect) => !isInside(rect, stage)), []);
      assert.deepEqual(all.filter((rect, index) => all.slice(index + 1).some(meets(rect))), []);
      assert.ok(layout.rest.length <= count);
    }
  }));
});

Deno.test("layOutGrid shows as many as there is room for, and never none", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), stages, (count, stage) => {
    assert.equal(layOutGrid(count, stage).rest.length, Math.min(count, mostTiles(stage)));
  }));
});

Deno.test("layOutFocus keeps the large tile where it is when somebody else joins", () => {
  for (const stage of [DESK, PHONE]) {
    assert.deepEqual(layOutFocus(1, stage).main, layOutFocus(2, stage).main);
    assert.deepEqual(layOutFocus(1, stage).main, layOutFocus(30, stage).main);
  }
});

Deno.test("layOutFocus gives the large tile most of the stage, the strip at the side of a wide one", () => {
  const wide = layOutFocus(3, DESK);
  const high = layOutFocus(3, PHONE);

  assert.ok(wide.main!.width * wide.main!.height > DESK.width * DESK.height * 0.6);
  assert.ok(wide.rest.every(({ x }) => x >= wide.main!.width + GAP - 1));
  assert.ok(high.rest.every(({ y }) => y >= high.main!.height + GAP - 1));
});

Deno.test("layOutFocus shows three faces beside the large tile, also on a phone", () => {
  assert.equal(layOutFocus(3, PHONE).rest.length, 3);
  assert.equal(layOutFocus(3, DESK).rest.length, 3);
});

Deno.test("a stage without size has no tiles", () => {
  assert.deepEqual(rectsOf(layOutGrid(3, { width: 0, height: 0 })), []);
  assert.deepEqual(rectsOf(layOutFocus(3, { width: 0, height: 100 })), []);
});

function rectsOf({ main, rest }: Layout): Rect[] {
  return main === undefined ? [...rest] : [main, ...rest];
}

function isInside({ x, y, width, height }: Rect, stage: StageSize): boolean {
  return x >= 0 && y >= 0 && width >= 0 && height >= 0 &&
    x + width <= stage.width + 1 && y + height <= stage.height + 1;
}

function meets(one: Rect): (other: Rect) => boolean {
  return (other) =>
    one.x < other.x + other.width && other.x < one.x + one.width &&
    one.y < other.y + other.height && other.y < one.y + one.height;
}
