/** Which reports stand for a way out of their own. */
import assert from "node:assert/strict";
import { waysOut } from "../../../static/call/link_report.ts";
import { report } from "../support/fake_call.ts";

Deno.test("waysOut counts each link, and the way to the server once", () => {
  const direct = [report(), report({ path: "turn" }), report({ path: "unknown" })];
  const through = [report({ path: "sfu" }), report({ path: "sfu" })];

  assert.deepEqual(waysOut(direct), direct);
  assert.deepEqual(waysOut([...through, ...direct]), [through[0], ...direct]);
  assert.deepEqual(waysOut([]), []);
});
