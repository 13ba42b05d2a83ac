/** Objectives, read from whatever document has them. */
import assert from "node:assert/strict";
import { objectivesOf } from "../../../cli/report/objectives.ts";

Deno.test("objectivesOf reads expression, what was seen, and whether it was met", () => {
  const slos = [
    { expression: "join.p95<5ms", seen: "2.00 ms", isMet: true },
    { slo: "errors==0", measured: 1.23456, isMet: false },
    { slo: "calls.p50<1s", measured: null, isMet: false },
  ];

  assert.deepEqual(objectivesOf({ slos }), [
    { expression: "join.p95<5ms", seen: "2.00 ms", isMet: true },
    { expression: "errors==0", seen: "1.235", isMet: false },
    { expression: "calls.p50<1s", seen: "", isMet: false },
  ]);
});

Deno.test("objectivesOf finds none where there are none", () => {
  for (
    const report of [{}, { slos: undefined }, { slos: [] }, { slos: "x" }, { slos: [null, 7, {}] }]
  ) {
    assert.deepEqual(objectivesOf(report), []);
  }
});
