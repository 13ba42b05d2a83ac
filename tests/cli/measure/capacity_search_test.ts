/** The search for the largest size, with a function in the place of a run. */
import assert from "node:assert/strict";
import { searchCapacity } from "../../../cli/measure/capacity_search.ts";

for (
  const [capacity, options, largest, smallestFailing] of [
    [1_000, { from: 5, max: 100_000 }, 985, 1_030],
    [100_000, { from: 5, max: 640 }, 640, undefined],
    [3, { from: 5, max: 640 }, 0, 5],
    [7, { from: 5, max: 640 }, 7, 8],
    [57, { from: 10, max: 1_000, grain: 10 }, 50, 60],
    [9, { from: 20, max: 5 }, 5, undefined],
  ] as const
) {
  Deno.test(`searchCapacity finds a capacity of ${capacity} from ${options.from}`, async () => {
    const answer = await searchCapacity({ ...options, run: holdsUpTo(capacity) });

    assert.ok(answer.largest <= capacity);
    if (answer.smallestFailing !== undefined) assert.ok(answer.smallestFailing > capacity);
    // 5 % of the answer is as exact as it gets.
    assert.ok(Math.abs(answer.largest - largest) <= largest * 0.05, `${answer.largest}`);
    assert.equal(answer.smallestFailing === undefined, smallestFailing === undefined);
    const failed = answer.probes.filter(({ holds }) => !holds);
    assert.equal(failed.length, 2 * failed.filter(({ isRepeat }) => isRepeat).length);
  });
}

Deno.test("searchCapacity doubles first, then halves", async () => {
  const sizes: number[] = [];
  await searchCapacity({
    from: 10,
    max: 1_000,
    run: holdsUpTo(50),
    onProbe: ({ size, isRepeat }) => isRepeat || sizes.push(size),
  });

  assert.deepEqual(sizes, [10, 20, 40, 80, 60, 50, 55, 52]);
});

Deno.test("searchCapacity takes one failure for noise, two for the answer", async () => {
  let runs = 0;
  const answer = await searchCapacity({
    from: 10,
    max: 40,
    run: (size) => Promise.resolve({ holds: ++runs % 2 === 0, outcome: size }),
  });

  assert.equal(answer.largest, 40);
  assert.deepEqual(answer.probes.map(({ size, holds }) => [size, holds]), [
    ...[[10, false], [10, true], [20, false], [20, true], [40, false], [40, true]],
  ]);
});

Deno.test("searchCapacity rejects with what a run rejects with", async () => {
  const run = () => Promise.reject(new Error("no server"));

  await assert.rejects(searchCapacity({ from: 1, max: 2, run }), /no server/);
});

function holdsUpTo(capacity: number) {
  return (size: number) => Promise.resolve({ holds: size <= capacity, outcome: size });
}
