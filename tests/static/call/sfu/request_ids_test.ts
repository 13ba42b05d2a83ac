/** The ids of a call's requests. */
import assert from "node:assert/strict";
import { isOfCall, requestIds } from "../../../../static/call/sfu/request_ids.ts";

Deno.test("[ME4] requestIds are all different, also between calls, and known as a call's", () => {
  const [one, other] = [requestIds("7-8"), requestIds("7-9")];

  const ids = [one(), one(), other(), other()];

  assert.equal(new Set(ids).size, 4);
  assert.ok(ids.every(isOfCall) && ids.every((id) => id.length <= 64));
  for (const id of [undefined, 1, "r1"]) assert.equal(isOfCall(id), false);
});
