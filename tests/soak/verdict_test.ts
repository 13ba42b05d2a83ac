/** Which series grow, in cycles made by formula. */
import assert from "node:assert/strict";
import type { Sample } from "./sampler.ts";
import { cyclesOf } from "./sample_fixture.ts";
import { type Cycle, judgeCycles } from "./verdict.ts";

const TOLERANCES = { memoryMb: 8, driftMs: 10 };

function growing(cycles: readonly Cycle[]): string[] {
  return judgeCycles(cycles, TOLERANCES)
    .filter(({ verdict }) => verdict === "grows")
    .map(({ name }) => name);
}

Deno.test("judgeCycles lets a server hold that comes to rest each time, and judges each series", () => {
  const verdicts = judgeCycles(cyclesOf(20, {}), TOLERANCES);

  assert.deepEqual(growing(cyclesOf(20, {})), []);
  assert.ok(verdicts.every(({ verdict, samples }) => verdict === "holds" && samples === 15));
  const memory = verdicts.find(({ name }) => name === "resident memory at rest");
  assert.deepEqual([memory?.start, memory?.end, memory?.tolerance], [150, 150, 8]);
});

const leaks: [name: string, restAt: (cycle: number) => Partial<Sample>][] = [
  ["resident memory at rest", (n) => ({ residentMb: 150 + n })],
  ["heap at rest", (n) => ({ heapMb: 20 + n })],
  ["open files at rest", (n) => ({ descriptors: 30 + n })],
  ["sockets at rest", (n) => ({ sockets: n })],
  ["stays at rest", (n) => ({ stays: Math.floor(n / 3) })],
  ["reserved codes at rest", (n) => ({ reservedCodes: n })],
  ["timers at rest", (n) => ({ timers: 3 + n })],
];

for (const [name, restAt] of leaks) {
  Deno.test(`judgeCycles finds that ${name} grows, and nothing else`, () => {
    assert.deepEqual(growing(cyclesOf(20, { restAt })), [name]);
  });
}

Deno.test("judgeCycles finds an event loop that is later from cycle to cycle", () => {
  const busyAt = (n: number) => ({ driftMs: 2 * n });

  assert.deepEqual(growing(cyclesOf(20, { busyAt })), ["event-loop drift, busy"]);
});

Deno.test("judgeCycles does not blame the server for a machine that gets busier", () => {
  const cycles = cyclesOf(20, { busyAt: (n) => ({ driftMs: 2 * n }) })
    .map((cycle, n) => ({ ...cycle, testerDriftMs: 30 + 2 * n }));

  assert.deepEqual(growing(cycles), []);
});

Deno.test("judgeCycles passes over the warm-up", () => {
  const restAt = (n: number) => ({ residentMb: n < 5 ? 50 + 20 * n : 150 });

  assert.deepEqual(growing(cyclesOf(20, { restAt })), []);
});

Deno.test("judgeCycles says so where a run was too short, or a system does not tell", () => {
  const restAt = () => ({ descriptors: undefined });
  const verdictOf = (cycles: readonly Cycle[], name: string) =>
    judgeCycles(cycles, TOLERANCES).find((one) => one.name === name)?.verdict;

  assert.equal(verdictOf(cyclesOf(20, { restAt }), "open files at rest"), "too few samples");
  assert.equal(verdictOf(cyclesOf(20, { restAt }), "heap at rest"), "holds");
  assert.equal(verdictOf(cyclesOf(3, {}), "heap at rest"), "too few samples");
  assert.equal(verdictOf([], "heap at rest"), "too few samples");
});
