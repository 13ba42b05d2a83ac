/** What is said when the old way of travelling is not needed any more. */
import assert from "node:assert/strict";
import { isTakenOver, takenOverPayload } from "../../../static/call/taken_over.ts";

Deno.test("[DA1] isTakenOver knows the payload of this way, and no nonsense", () => {
  assert.equal(isTakenOver(takenOverPayload("sfu"), "sfu"), true);
  for (const payload of [takenOverPayload("mesh"), null, undefined, "taken-over", 5, [], {}]) {
    assert.equal(isTakenOver(payload, "sfu"), false);
  }
});
