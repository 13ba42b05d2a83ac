/** Percentiles within 3 %, whatever the durations. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Histogram } from "../../../cli/measure/histogram.ts";

Deno.test("Histogram is empty at first", () => {
  const histogram = new Histogram();

  assert.equal(histogram.count, 0);
  assert.equal(histogram.percentile(50), 0);
  assert.equal(histogram.maxMs, 0);
  assert.deepEqual(histogram.shape(10), []);
});

Deno.test("Histogram gives percentiles within 3 % of the exact ones", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 }),
      fc.constantFrom(1, 50, 95, 99, 100),
      (durations, percent) => {
        const histogram = new Histogram();
        for (const ms of durations) histogram.record(ms);

        const sorted = durations.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(percent / 100 * sorted.length) - 1)]!;
        const found = histogram.percentile(percent);
        assert.ok(Math.abs(found - exact) <= exact / 32 + 0.001, `${found} for ${exact}`);
      },
    ),
  );
});

Deno.test("Histogram keeps the longest exactly and counts what is negative as nothing", () => {
  const histogram = new Histogram();
  for (const ms of [-5, 0, 123.456]) histogram.record(ms);

  assert.equal(histogram.maxMs, 123.456);
  assert.equal(histogram.percentile(34), 0);
  assert.equal(histogram.count, 3);
});

Deno.test("Histogram holds a duration beyond its range in its last bucket", () => {
  const histogram = new Histogram();
  histogram.record(1e12);

  assert.equal(histogram.count, 1);
  assert.ok(histogram.percentile(50) > 0);
});

Deno.test("Histogram.shape counts everything in at most so many columns", () => {
  const histogram = new Histogram();
  for (let ms = 1; ms <= 1_000; ms++) histogram.record(ms);

  const shape = histogram.shape(24);

  assert.ok(shape.length <= 24 && shape.length > 12);
  assert.equal(shape.reduce((sum, { count }) => sum + count, 0), 1_000);
  assert.deepEqual(
    shape.map(({ toMs }) => toMs),
    shape.map(({ toMs }) => toMs).toSorted((a, b) => a - b),
  );
});
