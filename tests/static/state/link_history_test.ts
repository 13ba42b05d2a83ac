/** The last minute of a link, and its line. */
import assert from "node:assert/strict";
import type { LinkReport } from "../../../static/call/link_report.ts";
import { MAX_REPORTS, remember, sparkline } from "../../../static/state/link_history.ts";
import { report } from "../support/fake_call.ts";

Deno.test("remember appends to each link's history, and forgets links that are gone", () => {
  const first = remember(new Map(), new Map([["bob", report({ at: 1 })], ["eve", report()]]));
  const second = remember(first, new Map([["bob", report({ at: 2 })]]));

  assert.deepEqual(second.get("bob")?.map(({ at }) => at), [1, 2]);
  assert.equal(second.has("eve"), false);
});

Deno.test("remember keeps a minute", () => {
  let histories: ReadonlyMap<string, readonly LinkReport[]> = new Map();
  for (let at = 0; at < MAX_REPORTS + 5; at++) {
    histories = remember(histories, new Map([["bob", report({ at })]]));
  }

  assert.equal(histories.get("bob")?.length, MAX_REPORTS);
  assert.equal(histories.get("bob")?.[0]?.at, 5);
});

Deno.test("sparkline draws the newest at the right and the highest at the top", () => {
  const box = { width: 59, height: 10 };

  assert.equal(sparkline([0, 5, 10], box), "57,10 58,5 59,0");
  assert.equal(sparkline([0, 0], box), "58,10 59,10");
  assert.equal(sparkline([], box), "");
});
