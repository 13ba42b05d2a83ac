/** What a run was held against, in words. */
import assert from "node:assert/strict";
import { objectivesOf } from "../../../cli/report/objectives.ts";
import { slowReport, verifiedReport } from "../../support/simulation_reports.ts";

Deno.test("objectivesOf tells the objectives of --slo, what was measured, and whether it met them", () => {
  assert.deepEqual(objectivesOf(slowReport), [
    { kind: "slo", expression: "join.p95<5ms", seen: "2.00 ms", isMet: true },
    { kind: "slo", expression: "broadcast.p99<1ms", seen: "9.00 ms", isMet: false },
  ]);
});

Deno.test("objectivesOf misses a figure that is worse than the baseline, and no other", () => {
  const verdicts = ["better", "same", "worse", "unknown"] as const;
  const comparisons = verdicts.map((verdict) => ({
    metric: `${verdict}.p50`,
    verdict,
    before: 10,
    after: 20,
    ratio: { from: 1.5, to: 2.5 },
    reason: "",
  }));
  const baseline = { file: "before.json", differences: [], comparisons };

  const objectives = objectivesOf({ ...verifiedReport, baseline });

  assert.deepEqual(
    objectives.map(({ kind, expression, isMet }) => [kind, expression, isMet]),
    verdicts.map((verdict) => ["baseline", `${verdict}.p50`, verdict !== "worse"]),
  );
});

Deno.test("objectivesOf finds none where there are none", () => {
  assert.deepEqual(objectivesOf(verifiedReport), []);
});
