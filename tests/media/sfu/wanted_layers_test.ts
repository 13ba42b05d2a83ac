/** What a publisher is told to send. */
import assert from "node:assert/strict";
import {
  ANY_HEIGHT,
  type LayerWish,
  LOWER_AFTER_MS,
  tallestWanted,
  WantedLayers,
} from "../../../src/media/sfu/wanted_layers.ts";

const wishes: [what: string, wishes: Partial<LayerWish>[], height: number][] = [
  ["nobody", [], 0],
  ["one who has paused", [{ isPaused: true }], 0],
  ["one who shows none of it", [{ maxHeight: 0 }], 0],
  ["one who gets a lower layer", [{ allocatedHeight: 360 }], 360],
  ["one whose path takes none", [{ allocatedHeight: 0 }], 0],
  ["one who gets the tallest", [{ allocatedHeight: 720, isTallest: true }], ANY_HEIGHT],
  ["one who gets the tallest and shows less", [
    { allocatedHeight: 720, isTallest: true, maxHeight: 800 },
  ], 800],
  ["three, of whom the last gets most", [
    { isPaused: true, allocatedHeight: 720 },
    { allocatedHeight: 180 },
    { allocatedHeight: 360, maxHeight: 400 },
  ], 360],
];
for (const [what, those, height] of wishes) {
  Deno.test(`[PB6] tallestWanted of ${what}: ${height}`, () => {
    assert.equal(
      tallestWanted(
        those.map((one) => ({ isPaused: false, allocatedHeight: 0, isTallest: false, ...one })),
      ),
      height,
    );
  });
}

/** What is wanted at which second, and what the publisher is told at which. */
const stories: [what: string, wanted: [at: number, height: number][], told: [number, number][]][] =
  [
    ["nothing changes", [[0, ANY_HEIGHT], [9, ANY_HEIGHT]], []],
    ["less is wanted", [[0, 360]], [[2, 360]]],
    ["more is wanted", [[0, 360], [5, 720]], [[2, 360], [5, 720]]],
    ["less for a moment", [[0, 360], [1, ANY_HEIGHT]], []],
    ["nobody is left", [[0, 0]], [[2, 0]]],
    ["somebody comes back", [[0, 0], [9, 180]], [[2, 0], [9, 180]]],
    ["less, and then still less", [[0, 360], [1, 180]], [[2, 360], [4, 180]]],
    ["much less, and then not so much", [[0, 0], [1, 360]], [[3, 360]]],
    ["less again and again", [[0, 360], [5, 720], [6, 360], [7, 720], [8, 360]], [[2, 360], [
      5,
      720,
    ], [10, 360]]],
  ];
for (const [what, wanted, expected] of stories) {
  Deno.test(`[PB6] WantedLayers.update when ${what}`, () => {
    const layers = new WantedLayers();
    const told: [number, number][] = [];
    let height = ANY_HEIGHT;
    for (let at = 0; at <= 15; at++) {
      height = wanted.find(([from]) => from === at)?.[1] ?? height;
      const one = layers.update(height, at * 1_000);
      if (one !== undefined) told.push([at, one]);
    }

    assert.deepEqual(told, expected);
    assert.equal(layers.height, expected.at(-1)?.[1] ?? ANY_HEIGHT);
  });
}

Deno.test("[PB6] WantedLayers.update lowers after two seconds, not before", () => {
  const layers = new WantedLayers();

  assert.deepEqual(
    [0, LOWER_AFTER_MS - 1, LOWER_AFTER_MS].map((at) => layers.update(360, at)),
    [undefined, undefined, 360],
  );
});
