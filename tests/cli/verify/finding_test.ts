/** The collection of findings, and the counts beside them. */
import assert from "node:assert/strict";
import { type Finding, Findings, MAX_FINDINGS, Tally } from "../../../cli/verify/mod.ts";

Deno.test("Findings counts all and keeps the first thousand", () => {
  const findings = new Findings();

  for (let count = 0; count < MAX_FINDINGS + 5; count++) findings.add(findingOf("JO3"));
  findings.add(findingOf("LE3"));

  assert.equal(findings.kept.length, MAX_FINDINGS);
  assert.equal(findings.total, MAX_FINDINGS + 6);
  assert.equal(findings.countOf("JO3"), MAX_FINDINGS + 5);
  assert.deepEqual(findings.rules, ["JO3", "LE3"]);
});

Deno.test("Tally adds up by rule", () => {
  const tally = new Tally();

  tally.add("JO3");
  tally.add("JO3", 4);

  assert.equal(tally.of("JO3"), 5);
  assert.equal(tally.of("LE3"), 0);
});

function findingOf(rule: string): Finding {
  return { rule, roomId: "test", userId: "ann", message: "m", expected: "e", seen: "s" };
}
