/** Who stands where. */
import assert from "node:assert/strict";
import { parseUserId } from "../../../static/state/ids.ts";
import type { TileKey } from "../../../static/state/stage.ts";
import { givePlaces, type StagePlaces } from "../../../static/state/stage_places.ts";

const SIZE = { width: 1_000, height: 500 };

Deno.test("givePlaces gives everybody a place, in the order of their names", () => {
  const places = givePlaces(
    { main: undefined, rest: people("eve", "ann", "bob") },
    SIZE,
    undefined,
  );

  assert.deepEqual(namesOf(places), ["ann", "bob", "eve"]);
  assert.equal(places.hidden, 0);
  // The first in the arrangement stands first, wherever its name comes.
  assert.equal(places.tiles.find(({ tile }) => tile.userId === "eve")!.rect.y, 0);
});

Deno.test("givePlaces gives the large place to the main tile", () => {
  const [main, ...rest] = people("bob", "ann", "eve");

  const places = givePlaces({ main, rest }, SIZE, undefined);

  const largest = places.tiles.toSorted((one, other) => other.rect.width - one.rect.width)[0]!;
  assert.equal(largest.tile, main);
  assert.equal(places.tiles.length, 3);
});

Deno.test("givePlaces counts who has none, and never hides the speaker", () => {
  const names = Array.from({ length: 60 }, (_, n) => `u${String(n).padStart(2, "0")}`);
  const speaker = parseUserId("u59")!;

  const places = givePlaces({ main: undefined, rest: people(...names) }, {
    width: 300,
    height: 200,
  }, speaker);

  assert.ok(places.hidden > 0);
  assert.equal(places.tiles.length + places.hidden, names.length);
  assert.ok(namesOf(places).includes("u59"));
});

Deno.test("givePlaces has none on a stage without a size", () => {
  const places = givePlaces(
    { main: undefined, rest: people("ann") },
    { width: 0, height: 0 },
    undefined,
  );

  assert.deepEqual(places, { tiles: [], hidden: 1 });
});

function people(...names: string[]): TileKey[] {
  return names.map((name) => ({ kind: "person", userId: parseUserId(name)! }));
}

function namesOf({ tiles }: StagePlaces): string[] {
  return tiles.map(({ tile }) => tile.userId);
}
