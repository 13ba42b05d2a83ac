/** Latencies by when they ended: in pieces that grow with the run, so that the memory does not. */
import assert from "node:assert/strict";
import { LatencyOverTime } from "../../../cli/measure/latency_over_time.ts";

Deno.test("LatencyOverTime keeps pieces of the run apart and leaves out empty ones", () => {
  const latencies = new LatencyOverTime();
  latencies.begin(1_000);

  latencies.record(1, 1_010);
  latencies.record(3, 1_090);
  latencies.record(50, 1_250);

  assert.deepEqual(
    latencies.columns.map(({ fromMs, toMs, count, max }) => [fromMs, toMs, count, max]),
    [[0, 100, 2, 3], [200, 300, 1, 50]],
  );
});

Deno.test("LatencyOverTime merges neighbours in a long run and loses none", () => {
  const latencies = new LatencyOverTime();

  for (let at = 0; at < 3_600_000; at += 500) latencies.record(at / 100_000, at);

  const { columns } = latencies;
  assert.ok(columns.length > 20 && columns.length <= 60, `${columns.length} columns`);
  assert.equal(columns.reduce((sum, { count }) => sum + count, 0), 7_200);
  assert.ok(columns.every(({ p50, p95, p99, max }) => p50 <= p95 && p95 <= p99 && p99 <= max));
  assert.ok(columns.at(-1)!.p50 > 10 * columns[0]!.p50, "the run grew slower");
  assert.equal(columns.at(-1)!.max, 3_599_500 / 100_000);
});

Deno.test("LatencyOverTime takes a time from before the beginning, and one far ahead", () => {
  const latencies = new LatencyOverTime();
  latencies.begin(5_000);

  latencies.record(1, 4_000);
  latencies.record(2, 5_000 + 86_400_000);

  assert.deepEqual(latencies.columns.map(({ count, max }) => [count, max]), [[1, 1], [1, 2]]);
  assert.equal(latencies.columns[0]!.fromMs, 0);
});

Deno.test("LatencyOverTime of nothing has no pieces", () => {
  assert.deepEqual(new LatencyOverTime().columns, []);
});

Deno.test("LatencyOverTime.add puts another's pieces where they belong, whatever their length", () => {
  const [long, short] = [new LatencyOverTime(), new LatencyOverTime()];
  for (let at = 0; at < 20_000; at += 1_000) long.record(5, at); // Its pieces are 400 ms long.
  short.record(1, 50);
  short.record(2, 1_950);

  const both = new LatencyOverTime();
  both.add(short.contents);
  both.add(long.contents);
  const other = new LatencyOverTime();
  other.add(long.contents);
  other.add(short.contents);

  assert.deepEqual(both.columns, other.columns);
  assert.equal(both.columns.reduce((sum, { count }) => sum + count, 0), 22);
  assert.deepEqual(both.columns.slice(0, 3).map(({ fromMs, count }) => [fromMs, count]), [
    [0, 2],
    [800, 1],
    [1_600, 1],
  ]);
});
