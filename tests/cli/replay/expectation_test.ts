/** What counts as come, and what as a surplus. */
import assert from "node:assert/strict";
import { Expectation } from "../../../cli/replay/expectation.ts";

const cases: readonly [what: string, expected: string, seen: string, counted: string][] = [
  ["the same", "abc", "abc", "abc"],
  ["another in its place", "abc", "axc", "axc"],
  ["one too many", "abc", "axbc", "axc"],
  ["one missing", "abc", "ac", "ac"],
  ["another order", "abc", "acb", "acb"],
  ["more at the end", "ab", "abx", "abx"],
  ["the same again", "abc", "aabc", "aac"],
];

for (const [what, expected, seen, counted] of cases) {
  Deno.test(`Expectation counts of ${what} what stands for something`, () => {
    const expectation = new Expectation([...expected]);

    const met = [...seen].filter((message) => expectation.meet(message));

    assert.equal(met.join(""), counted);
  });
}

Deno.test("Expectation says whose turn it is", () => {
  const expectation = new Expectation(["a", "b"]);

  expectation.meet("a");
  assert.equal(expectation.next, "b");
  expectation.meet("b");
  assert.equal(expectation.next, undefined);
});
