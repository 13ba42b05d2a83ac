/** What Tab offers. */
import assert from "node:assert/strict";
import { complete } from "../../../cli/repl/completion.ts";

const context = {
  users: ["ann", "bob"],
  earlier: { users: ["ann"], rooms: ["room1", "room2"] },
};

for (
  const [line, candidates] of [
    ["", 10],
    ["jo", ["join "]],
    ["join ", ["ann "]],
    ["join ann ", ["room1", "room2"]],
    ["join ann room2", ["room2"]],
    ["chat @", ["@ann ", "@bob "]],
    ["chat @b", ["@bob "]],
    ["chat hello ", []],
    ["state au", ["audio=on ", "audio=off "]],
    ["state audio=on ha", ["hand=on ", "hand=off "]],
    ["raw o", ["on", "off"]],
    ["send ", ['{"type":"']],
    ["dance ", []],
  ] as const
) {
  Deno.test(`complete offers what fits "${line}"`, () => {
    const [found, last] = complete(line, context);

    if (typeof candidates === "number") assert.equal(found.length, candidates);
    else assert.deepEqual(found, candidates);
    assert.ok(line.endsWith(last));
  });
}
