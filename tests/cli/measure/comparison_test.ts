/**
 * The comparison with an earlier run, on distributions that are known: the same one is called the
 * same, a shifted one is not, and too little is called too little.
 */
import assert from "node:assert/strict";
import { compareLatency, compareSeries, type Statistic } from "../../../cli/measure/comparison.ts";
import { Latency } from "../../../cli/measure/latency.ts";
import { SeededRandom } from "../../../cli/scenarios/random.ts";

const RUNS = 60;

/** Draws from distributions that latencies have: a long tail, and two humps. */
const DISTRIBUTIONS: Record<string, (random: SeededRandom) => number> = {
  "log-normal": (random) => Math.exp(1 + 0.6 * normal(random)),
  "with two humps": (random) => (random.next() < 0.8 ? 2 : 20) * (0.8 + 0.4 * random.next()),
  "in bursts": burst(),
};

for (const [name, draw] of Object.entries(DISTRIBUTIONS)) {
  Deno.test(`compareLatency calls the same distribution ${name} the same`, () => {
    const verdicts = judge(draw, draw, "p95");

    assert.ok(
      verdicts.filter((verdict) => verdict === "same").length >= 0.95 * RUNS,
      `${verdicts}`,
    );
  });
}

for (const statistic of ["p50", "p95", "p99", "mean"] as const) {
  Deno.test(`compareLatency calls a ${statistic} that is a half longer worse, and back better`, () => {
    const usual = DISTRIBUTIONS["log-normal"]!;
    const slower = (random: SeededRandom) => 1.5 * usual(random);

    assert.deepEqual(new Set(judge(usual, slower, statistic)), new Set(["worse"]));
    assert.deepEqual(new Set(judge(slower, usual, statistic)), new Set(["better"]));
  });
}

Deno.test("compareLatency gives the ratio between bounds that hold it", () => {
  const before = blocksOf(5_000, DISTRIBUTIONS["log-normal"]!, 1);
  const after = blocksOf(5_000, (random) => 2 * DISTRIBUTIONS["log-normal"]!(random), 2);

  const { ratio, verdict } = compareLatency("join.p50", "p50", { before, after });

  assert.equal(verdict, "worse");
  assert.ok(ratio.from > 1.7 && ratio.from < 2 && ratio.to > 2 && ratio.to < 2.3, `${ratio.from}`);
});

Deno.test("compareLatency does not take a thousand copies of one delay for a thousand proofs", () => {
  // Each of 10 broadcasts is as late as it is for all of its 400 receivers.
  const draw = (seed: number) => {
    const random = new SeededRandom(seed);
    const latency = new Latency();
    for (let message = 0; message < 40; message++) {
      const ms = Math.exp(1 + normal(random));
      for (let receiver = 0; receiver < 400; receiver++) latency.record(ms);
    }
    return latency.blocks;
  };

  const verdicts = Array.from({ length: RUNS }, (_, run) =>
    compareLatency("broadcast.p50", "p50", {
      before: draw(2 * run),
      after: draw(2 * run + 1),
    }).verdict);

  assert.ok(verdicts.filter((verdict) => verdict === "same").length >= 0.95 * RUNS, `${verdicts}`);
});

Deno.test("compareLatency says how much is missing", () => {
  const few = blocksOf(500, DISTRIBUTIONS["log-normal"]!, 1);
  const many = blocksOf(5_000, DISTRIBUTIONS["log-normal"]!, 2);

  const { verdict, reason } = compareLatency("join.p99", "p99", { before: many, after: few });

  assert.equal(verdict, "unknown");
  assert.match(reason, /^the present run has 496 samples, 1000 are needed$/);
  assert.equal(compareLatency("join.p50", "p50", { before: [], after: many }).verdict, "unknown");
});

Deno.test("compareSeries calls more better, less worse, and little unknown", () => {
  const series = (mean: number, seed: number) => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 60 }, () => mean * (0.9 + 0.2 * random.next()));
  };

  const verdictOf = (before: number[], after: number[]) =>
    compareSeries("throughput.received", { before, after }).verdict;
  assert.equal(verdictOf(series(100, 1), series(100, 2)), "same");
  assert.equal(verdictOf(series(100, 1), series(130, 2)), "better");
  assert.equal(verdictOf(series(100, 1), series(70, 2)), "worse");
  assert.equal(verdictOf(series(100, 1), [100]), "unknown");
});

type Draw = (random: SeededRandom) => number;

function judge(before: Draw, after: Draw, statistic: Statistic): string[] {
  return Array.from({ length: RUNS }, (_, run) =>
    compareLatency(`join.${statistic}`, statistic, {
      before: blocksOf(3_000, before, 2 * run),
      after: blocksOf(3_000, after, 2 * run + 1),
    }).verdict);
}

function blocksOf(count: number, draw: Draw, seed: number) {
  const random = new SeededRandom(seed * 7_919 + 1);
  const latency = new Latency();
  for (let index = 0; index < count; index++) latency.record(draw(random));
  return latency.blocks;
}

/** Neighbours resemble each other: 20 draws share one delay. */
function burst(): Draw {
  let left = 0;
  let ms = 0;
  return (random) => {
    if (left-- <= 0) {
      left = 20;
      ms = 5 + 5 * random.next();
    }
    return ms * (0.95 + 0.1 * random.next());
  };
}

function normal(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
