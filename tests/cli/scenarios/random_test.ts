/** A seed repeats everything that is drawn. */
import assert from "node:assert/strict";
import { SeededRandom } from "../../../cli/scenarios/random.ts";

Deno.test("SeededRandom repeats itself by its seed", () => {
  const draw = (seed: number) => {
    const random = new SeededRandom(seed);
    return [random.next(), random.below(10), random.shuffled([1, 2, 3, 4, 5, 6, 7, 8])];
  };

  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
});

Deno.test("SeededRandom.shuffled keeps every item and the list it was given", () => {
  const items = Array.from({ length: 100 }, (_, index) => index);

  const shuffled = new SeededRandom(1).shuffled(items);

  assert.notDeepEqual(shuffled, items);
  assert.deepEqual(shuffled.toSorted((a, b) => a - b), items);
});

Deno.test("SeededRandom.below draws each number about as often", () => {
  const random = new SeededRandom(3);
  const counts = new Array(10).fill(0);

  for (let draw = 0; draw < 100_000; draw++) counts[random.below(10)]++;

  assert.ok(counts.every((count) => count > 9_500 && count < 10_500), `${counts}`);
});
