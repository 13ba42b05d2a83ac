/** Rates from totals. */
import assert from "node:assert/strict";
import { Throughput } from "../../../cli/measure/throughput.ts";

Deno.test("Throughput gives the latest and the mean rate", () => {
  const throughput = new Throughput(1_000);

  throughput.sample(100, 1_100);
  throughput.sample(100, 1_200);
  throughput.sample(500, 1_300);

  assert.equal(throughput.latest, 4_000);
  assert.ok(Math.abs(throughput.mean - 1_666.7) < 1);
  assert.deepEqual(throughput.series, [1_000, 0, 4_000]);
});

Deno.test("Throughput bounds its series and loses no message", () => {
  const throughput = new Throughput(0);

  for (let at = 1; at <= 10_000; at++) throughput.sample(at * 3, at * 100);

  assert.ok(throughput.series.length <= 240);
  assert.ok(throughput.series.every((rate) => Math.abs(rate - 30) < 0.001));
});

Deno.test("Throughput passes over samples without time between them", () => {
  const throughput = new Throughput(0);

  throughput.sample(5, 0);

  assert.equal(throughput.latest, 0);
  assert.equal(throughput.mean, 0);
});
