/** The ladder as it is shown. */
import assert from "node:assert/strict";
import { rungsOf } from "../../../../static/state/live/rungs.ts";

Deno.test("rungsOf shows all four steps, best first, with the present one and the times", () => {
  const rungs = rungsOf("sfu", { p2p: 4_000, sfu: 61_000 });

  assert.deepEqual(rungs, [
    { path: "p2p", isCurrent: false, spentMs: 4_000 },
    { path: "turn", isCurrent: false, spentMs: 0 },
    { path: "sfu", isCurrent: true, spentMs: 61_000 },
    { path: "relay", isCurrent: false, spentMs: 0 },
  ]);
});

Deno.test("rungsOf marks none while nothing comes", () => {
  assert.deepEqual(rungsOf(undefined, {}).filter(({ isCurrent }) => isCurrent), []);
});
