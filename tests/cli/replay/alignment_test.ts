/** Two lists side by side. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { align } from "../../../cli/replay/alignment.ts";

const cases: readonly [expected: string, seen: string, pairs: string][] = [
  ["abc", "abc", "aa bb cc"],
  ["abc", "ac", "aa b- cc"],
  ["ac", "abc", "aa -b cc"],
  ["abc", "axc", "aa bx cc"],
  ["abc", "xyabc", "-x -y aa bb cc"],
  ["aab", "ab", "aa a- bb"],
  ["", "ab", "-a -b"],
  ["ab", "", "a- b-"],
  ["abcd", "bcda", "a- bb cc dd -a"],
];

for (const [expected, seen, pairs] of cases) {
  Deno.test(`align puts "${seen}" beside "${expected}"`, () => {
    const words = align([...expected], [...seen]).map((pair) =>
      `${pair.expected === undefined ? "-" : expected[pair.expected]}${
        pair.seen === undefined ? "-" : seen[pair.seen]
      }`
    );

    assert.equal(words.join(" "), pairs);
  });
}

Deno.test("align has every item of both lists once, in order, and as many alike as can be", () => {
  const list = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 9 });
  fc.assert(fc.property(list, list, (expected, seen) => {
    const pairs = align(expected, seen);

    const indexes = (side: "expected" | "seen") =>
      pairs.map((pair) => pair[side]).filter((at) => at !== undefined);
    assert.deepEqual(indexes("expected"), [...expected.keys()]);
    assert.deepEqual(indexes("seen"), [...seen.keys()]);
    const alike = pairs.filter((pair) =>
      pair.expected !== undefined && pair.seen !== undefined &&
      expected[pair.expected] === seen[pair.seen]
    );
    assert.equal(alike.length, longestCommon(expected, seen));
  }));
});

Deno.test("align of lists beyond its table compares item by item", () => {
  const [left, right] = ["a", "b"].map((letter) =>
    Array.from({ length: 2_500 }, (_, at) => `${letter}${at}`)
  );

  const pairs = align(left!, right!);

  assert.equal(pairs.length, 2_500);
  assert.ok(pairs.every(({ expected, seen }, at) => expected === at && seen === at));
});

/** By definition, slowly. */
function longestCommon(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return 0;
  const rest = longestCommon(left.slice(1), right.slice(1));
  if (left[0] === right[0]) return rest + 1;
  return Math.max(longestCommon(left.slice(1), right), longestCommon(left, right.slice(1)));
}
