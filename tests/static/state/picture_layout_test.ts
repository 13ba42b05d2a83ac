/** The places in a recorded picture: whole, apart from each other, as large as they can be. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { contain, cover, layOutPicture, type Rect } from "../../../static/state/picture_layout.ts";

const SIZE = { width: 1280, height: 720 };

Deno.test("layOutPicture places everybody inside, and nobody over anybody", () => {
  const counts = fc.record({ screens: fc.nat(3), faces: fc.nat(50) });
  const sizes = fc.record({
    width: fc.integer({ min: 320, max: 3840 }),
    height: fc.integer({ min: 240, max: 2160 }),
  });
  fc.assert(fc.property(counts, sizes, (count, size) => {
    const { screens, faces } = layOutPicture(count, size);
    const all = [...screens, ...faces];

    assert.deepEqual([screens.length, faces.length], [count.screens, count.faces]);
    for (const [index, rect] of all.entries()) {
      assert.ok(Object.values(rect).every(Number.isInteger), JSON.stringify(rect));
      assert.ok(rect.x >= 0 && rect.x + rect.width <= size.width, JSON.stringify(rect));
      assert.ok(rect.y >= 0 && rect.y + rect.height <= size.height, JSON.stringify(rect));
      assert.ok(!all.slice(index + 1).some((other) => overlap(rect, other)));
    }
  }));
});

Deno.test("layOutPicture gives one the whole picture, four a square, and a screen most of it", () => {
  const one = layOutPicture({ screens: 0, faces: 1 }, SIZE).faces;
  const four = layOutPicture({ screens: 0, faces: 4 }, SIZE).faces;
  const shared = layOutPicture({ screens: 1, faces: 3 }, SIZE);

  assert.ok(one[0]!.width > 1200, `${one[0]!.width}`);
  assert.equal(new Set(four.map(({ x }) => x)).size, 2);
  assert.equal(new Set(four.map(({ y }) => y)).size, 2);
  assert.ok(shared.screens[0]!.width > 950, `${shared.screens[0]!.width}`);
  assert.ok(shared.faces.every(({ x }) => x >= 1024));
});

Deno.test("cover cuts as much from both sides, contain leaves as much on both", () => {
  const place = { x: 100, y: 50, width: 160, height: 90 };

  assert.deepEqual(cover({ width: 640, height: 480 }, place), {
    ...{ x: 0, y: 60, width: 640, height: 360 },
  });
  assert.deepEqual(contain({ width: 90, height: 90 }, place), {
    ...{ x: 135, y: 50, width: 90, height: 90 },
  });
});

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
