/** Repeating has its part of a path, and no more. */
import assert from "node:assert/strict";
import { RetransmissionBudget } from "../../../src/media/sfu/retransmission_budget.ts";

Deno.test("RetransmissionBudget lets three tenths of a path be taken, over any second", () => {
  const budget = new RetransmissionBudget();
  let bytes = 0;

  for (let at = 0; at < 10_000; at += 1) {
    while (budget.take(1_000, 4_000_000, at)) bytes += 1_000;
  }

  const bitrate = bytes * 8 / 10;
  assert.ok(bitrate > 1_150_000 && bitrate < 1_280_000, `${bitrate}`);
});

Deno.test("RetransmissionBudget leaves a narrow path its least", () => {
  const budget = new RetransmissionBudget();

  assert.equal(budget.take(12_500, 0, 0), true);
  assert.equal(budget.take(100, 0, 0), false);
  assert.equal(budget.take(100, 0, 4), true);
});
