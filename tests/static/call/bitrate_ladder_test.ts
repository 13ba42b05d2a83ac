/** Down soon, up late, and later each time that going up was a mistake. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BitrateLadder,
  CPU_DOWN_MS,
  DOWN_MS,
  type Footing,
  LONGEST_UP_MS,
  UP_MS,
} from "../../../static/call/bitrate_ladder.ts";

const COSTS = [100, 200, 400, 800];
const TOP = COSTS.length - 1;

/** From a step, so many seconds under each footing, and the step after each. */
type Stretch = [seconds: number, footing: Partial<Footing>, expected: number];
const cases: [title: string, start: number, stretches: Stretch[]][] = [
  ["stays where there is just enough", 2, [[60, { budget: 400 }, 2]]],
  ["stays between enough for this step and enough for the next", 2, [[60, { budget: 799 }, 2]]],
  ["bears a lack that is short", 2, [[1, { budget: 10 }, 2], [60, { budget: 400 }, 2]]],
  ["bears a small lack", 2, [[60, { budget: 330 }, 2]]],
  ["falls to what it can afford", 3, [[2, { budget: 250 }, 1]]],
  ["falls to the ground and no further", 3, [[60, { budget: 1 }, 0]]],
  ["climbs one step after a while", 1, [[4, { budget: 900 }, 1], [1, { budget: 900 }, 2]]],
  ["climbs on", 0, [[5, { budget: 900 }, 1], [6, { budget: 900 }, 2], [6, { budget: 900 }, 3]]],
  ["climbs no higher than the top", 3, [[60, { budget: 9_000 }, 3]]],
  ["climbs anew only after a whole while", 1, [
    [4, { budget: 900 }, 1],
    [1, { budget: 300 }, 1],
    [4, { budget: 900 }, 1],
    [1, { budget: 900 }, 2],
  ]],
  ["obeys the ceiling at once", 3, [[0, { budget: 900, ceiling: 1 }, 1]]],
  ["is back at once when the ceiling is", 3, [
    [30, { budget: 900, ceiling: 1 }, 1],
    [0, { budget: 900 }, 3],
  ]],
  ["learns nothing of higher steps below a ceiling", 1, [
    [60, { budget: 9_000, ceiling: 1 }, 1],
    [0, { budget: 9_000 }, 1],
  ]],
  ["falls one step when the processor is too slow", 3, [
    [4, { limitedBy: "cpu", budget: 900 }, 3],
    [1, { limitedBy: "cpu", budget: 900 }, 2],
    [4, { limitedBy: "cpu", budget: 900 }, 2],
    [2, { limitedBy: "cpu", budget: 900 }, 1],
  ]],
  ["does not climb while something limits it", 1, [[
    60,
    { limitedBy: "bandwidth", budget: 900 },
    1,
  ]]],
  ["believes the encoder where there is little less than enough", 2, [
    [2, { limitedBy: "bandwidth", budget: 390 }, 1],
  ]],
  ["without an estimate goes by what the encoder says", 2, [
    [2, { limitedBy: "bandwidth" }, 1],
    [4, { limitedBy: "none" }, 1],
    [2, { limitedBy: "none" }, 2],
  ]],
];

for (const [title, start, stretches] of cases) {
  Deno.test(`BitrateLadder ${title}`, () => {
    const ladder = new BitrateLadder(COSTS, start);
    let at = 0;
    let step = start;

    const seen = stretches.map(([seconds, footing]) => {
      for (const end = at + seconds * 1_000;; at += 500) {
        step = ladder.step(at, footingOf(footing));
        if (at >= end) break;
      }
      return step;
    });

    assert.deepEqual(seen, stretches.map(([, , expected]) => expected));
  });
}

Deno.test("BitrateLadder.cause says why it stands below its first step, and nothing once it is back", () => {
  const ladder = new BitrateLadder(COSTS, 2);
  const run = (from: number, footing: Partial<Footing>) => {
    for (let at = from; at < from + 10_000; at += 500) ladder.step(at, footingOf(footing));
    return ladder.cause;
  };

  const causes = [
    run(0, { budget: 500 }),
    run(10_000, { budget: 210 }),
    run(20_000, { budget: 900 }),
    run(30_000, { budget: 900, limitedBy: "cpu" }),
    run(40_000, { budget: 900, ceiling: 0 }),
  ];

  assert.deepEqual(causes, [undefined, "bandwidth", undefined, "cpu", "cpu"]);
});

Deno.test("BitrateLadder climbs less and less often where it cannot hold the next step", () => {
  const ladder = new BitrateLadder(COSTS, 1);
  const climbs: number[] = [];
  let before = 1;
  for (let at = 0; at < 400_000; at += 500) {
    // The estimate promises more than there is: it breaks down when the next step is tried.
    const step = ladder.step(at, footingOf({ budget: before > 1 ? 250 : 450 }));
    if (step > before) climbs.push(at);
    before = step;
  }

  const pauses = climbs.slice(1).map((at, index) => at - climbs[index]!);
  assert.ok(climbs.length >= 3 && climbs.length <= 10, `climbs at ${climbs}`);
  assert.ok(pauses.every((pause, index) => pause >= (pauses[index - 1] ?? 0)), `${pauses}`);
  assert.ok(pauses.at(-1)! >= LONGEST_UP_MS);
});

Deno.test("BitrateLadder stays within its steps and below the ceiling, whatever it is told", () => {
  const footing = fc.record({
    budget: fc.option(fc.integer({ min: 0, max: 2_000 }), { nil: undefined }),
    limitedBy: fc.constantFrom(...(["none", "cpu", "bandwidth", "other"] as const)),
    ceiling: fc.integer({ min: 0, max: TOP }),
  });
  const history = fc.array(fc.tuple(fc.nat(10_000), footing), { minLength: 1 });
  fc.assert(fc.property(fc.nat(TOP), history, (start, steps) => {
    const ladder = new BitrateLadder(COSTS, start);
    let at = 0;
    for (const [ms, now] of steps) {
      const step = ladder.step(at += ms, now);
      assert.ok(step >= 0 && step <= now.ceiling, `step ${step} below ${now.ceiling}`);
    }
  }));
});

Deno.test("BitrateLadder moves at most once in the shortest of its times without a ceiling", () => {
  const shortest = Math.min(DOWN_MS, CPU_DOWN_MS, UP_MS);
  const budgets = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 2, maxLength: 60 });
  fc.assert(fc.property(budgets, (all) => {
    const ladder = new BitrateLadder(COSTS, 2);
    const moves: number[] = [];
    let before = 2;
    all.forEach((budget, index) => {
      const step = ladder.step(index * 500, footingOf({ budget }));
      if (step !== before) moves.push(index * 500);
      before = step;
    });
    assert.ok(moves.every((at, index) => index === 0 || at - moves[index - 1]! >= shortest));
  }));
});

function footingOf(footing: Partial<Footing>): Footing {
  return { budget: undefined, limitedBy: "none", ceiling: TOP, ...footing };
}
