/**
 * The bench's percentiles and medians.
 */
import assert from "node:assert/strict";
import { LatencyHistogram, median, spread } from "./statistics.ts";

Deno.test("LatencyHistogram.percentile is exact below a millisecond", () => {
  const histogram = new LatencyHistogram();

  for (let value = 1; value <= 1_000; value++) histogram.record(value);

  assert.equal(histogram.count, 1_000);
  assert.equal(histogram.percentile(0.5), 500);
  assert.equal(histogram.percentile(0.99), 990);
  assert.equal(histogram.percentile(1), 1_000);
});

Deno.test("LatencyHistogram.percentile is within 1 part in 512 for every longer latency", () => {
  for (let value = 1_023; value < 60_000_000; value = Math.ceil(value * 1.37)) {
    const histogram = new LatencyHistogram();

    histogram.record(value);

    const error = value - histogram.percentile(0.5);
    assert.ok(error >= 0 && error <= value / 512, `${value} came back ${error} too small`);
  }
});

Deno.test("LatencyHistogram.percentile tells one late delivery among a hundred from the rest", () => {
  const histogram = new LatencyHistogram();
  for (let count = 0; count < 99; count++) histogram.record(10);

  histogram.record(5_000_000);

  assert.equal(histogram.percentile(0.99), 10);
  assert.ok(histogram.percentile(0.999) > 4_990_000);
});

Deno.test("LatencyHistogram.percentile of nothing is not a number", () => {
  assert.equal(new LatencyHistogram().percentile(0.5), NaN);
});

Deno.test("median takes the middle, or the mean of the middle two", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([]), NaN);
});

Deno.test("spread is the range as a share of the median", () => {
  assert.equal(spread([10, 8, 12]), 0.4);
});
