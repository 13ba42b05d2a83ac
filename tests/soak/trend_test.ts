/** Series that hold and series that grow, made by formula; the noise is the same at every run. */
import assert from "node:assert/strict";
import { SeededRandom } from "../../cli/scenarios/random.ts";
import { judge, type Point, type Trend } from "./trend.ts";

const MINUTE_MS = 60_000;

/** One value a minute; `seed` chooses the noise, evenly spread from -1 to 1. */
function series(count: number, valueAt: (minute: number, noise: number) => number, seed = 1) {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, (_, minute): Point => ({
    atMs: minute * MINUTE_MS,
    value: valueAt(minute, random.next() * 2 - 1),
  }));
}

const table: [what: string, points: Point[], tolerance: number, verdict: Trend["verdict"]][] = [
  ["a constant", series(15, () => 100), 0, "holds"],
  ["noise around a constant", series(15, (_, noise) => 100 + 10 * noise), 8, "holds"],
  ["a slow leak", series(15, (minute) => 100 + minute), 8, "grows"],
  ["a slow leak in noise", series(15, (minute, noise) => 100 + minute + 3 * noise), 8, "grows"],
  ["a leak of less than is tolerated", series(15, (minute) => 100 + minute / 4), 8, "holds"],
  ["a leak with one collection", series(15, (m) => m === 13 ? 60 : 100 + m), 8, "grows"],
  ["one peak", series(15, (minute) => minute === 9 ? 500 : 100), 8, "holds"],
  ["a peak at the end", series(15, (minute) => minute > 12 ? 500 : 100), 8, "holds"],
  ["what levels off", series(15, (minute) => 120 - 5 * Math.exp(-minute / 3)), 8, "holds"],
  ["what shrinks", series(15, (minute) => 100 - 5 * minute), 8, "holds"],
  ["a count that steps up by one a cycle", series(6, (minute) => minute), 3, "grows"],
  ["a count that is one more for a while", series(15, (m) => m % 3 === 0 ? 1 : 0), 0.5, "holds"],
  ["five points, however steep", series(5, (minute) => 1_000 * minute), 8, "too few samples"],
  ["no points", [], 8, "too few samples"],
];

for (const [what, points, tolerance, verdict] of table) {
  Deno.test(`judge: ${what}: ${verdict}`, () => {
    assert.equal(judge(points, tolerance).verdict, verdict);
  });
}

Deno.test("judge is seldom misled by noise, and seldom misses a leak as large as the noise", () => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);
  const growing = (perMinute: number) =>
    seeds.filter((seed) => {
      const points = series(15, (minute, noise) => 100 + perMinute * minute + 5 * noise, seed);
      return judge(points, 4).verdict === "grows";
    }).length;

  assert.ok(growing(0) <= 6, `${growing(0)} of 200 without a leak`);
  assert.ok(growing(1) >= 190, `${growing(1)} of 200 with a leak`);
});

Deno.test("judge tells start, end and the slope an hour, with a bound below it", () => {
  const trend = judge(series(9, (minute, noise) => 10 + 2 * minute + 0.1 * noise), 1);

  assert.ok(Math.abs(trend.start - 12) < 0.2 && Math.abs(trend.end - 24) < 0.2);
  assert.ok(Math.abs(trend.slopePerHour - 120) < 3, `${trend.slopePerHour}`);
  assert.ok(trend.boundPerHour > 100 && trend.boundPerHour < trend.slopePerHour);
  assert.equal(trend.samples, 9);
});

Deno.test("judge takes two points of one time for what they are", () => {
  const points = series(8, (minute) => minute).flatMap((one) => [one, one]);

  assert.equal(judge(points, 1).verdict, "grows");
});
