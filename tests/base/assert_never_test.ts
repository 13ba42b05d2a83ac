/** The end of a switch that was not exhaustive after all. */
import assert from "node:assert/strict";
import { assertNever } from "../../src/base/mod.ts";

Deno.test("assertNever throws TypeError naming the case", () => {
  const value = "unforeseen" as never; // What the compiler would refuse, arriving all the same.

  assert.throws(() => assertNever(value), new TypeError('Unhandled case: "unforeseen"'));
});
