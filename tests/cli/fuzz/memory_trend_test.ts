/** The memory of a server, schedule by schedule. */
import assert from "node:assert/strict";
import { MemoryTrend } from "../../../cli/fuzz/memory_trend.ts";

const MB = 1024 * 1024;

function trendOf(samples: number[]): MemoryTrend {
  const trend = new MemoryTrend();
  for (const sample of samples) trend.add(sample * MB);
  return trend;
}

Deno.test("MemoryTrend passes over the saw of a collector, and finds what grows beneath", () => {
  const saw = Array.from({ length: 30 }, (_, n) => 20 + n * 7 % 50);

  assert.equal(trendOf(saw).isGrowing, false);
  assert.equal(trendOf(saw.map((value, n) => value + n * 3)).isGrowing, true);
});

Deno.test("MemoryTrend says nothing of a few samples", () => {
  assert.equal(trendOf([10, 200, 900]).grownBytes, undefined);
  assert.equal(trendOf([10, 200, 900]).isGrowing, false);
});
