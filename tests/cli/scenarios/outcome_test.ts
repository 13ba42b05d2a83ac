/** Outcomes of several testers become one. */
import assert from "node:assert/strict";
import { mergePhases, sumCounts } from "../../../cli/scenarios/outcome.ts";
import { noActions } from "../../../cli/scenarios/phase_context.ts";
import { RunRecord } from "../../../cli/verify/mod.ts";

Deno.test("mergePhases adds what is done and keeps the state that weighs most", () => {
  const phase = { name: "join", state: "done", total: 5, done: 5, ms: 10, note: "" } as const;

  assert.deepEqual(
    mergePhases([[phase], [{ ...phase, state: "failed", done: 2, ms: 30, note: "ann waits" }]]),
    [{ name: "join", state: "failed", total: 10, done: 7, ms: 30, note: "ann waits" }],
  );
  assert.deepEqual(mergePhases([]), []);
});

Deno.test("sumCounts adds every count", () => {
  const counts = sumCounts([{ ...noActions(), joins: 2, calls: 1 }, { ...noActions(), joins: 3 }]);

  assert.deepEqual(counts, { ...noActions(), joins: 5, calls: 1 });
});

Deno.test("RunRecord.add takes over what another tester recorded", () => {
  const [one, other] = [new RunRecord(), new RunRecord()];
  for (const run of [one, other]) {
    run.latencies.join.record(5);
    run.tally.add("JO2", 3);
    run.received = 7;
  }
  const finding = { rule: "JO3", roomId: "r", userId: "u", message: "m", expected: "e", seen: "s" };
  other.findings.add(finding);
  other.latencies.join.record(50);

  one.add(structuredClone(other.contents));

  assert.deepEqual([one.received, one.tally.of("JO2"), one.findings.total], [14, 6, 1]);
  assert.deepEqual(one.findings.kept, [finding]);
  assert.equal(one.findings.countOf("JO3"), 1);
  assert.deepEqual([one.latencies.join.count, one.latencies.join.maxMs], [3, 50]);
  assert.equal(one.latencies.join.meanMs, 20);
});
