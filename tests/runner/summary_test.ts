/** The end of `deno test` as it was recorded, and ends that it does not tell of. */
import assert from "node:assert/strict";
import { linesOf, type Summary, SummaryReader, sumOf } from "./summary.ts";

const NONE: Summary = { passed: 0, failed: 0, ignored: 0, failures: [] };

for (
  const [line, expected] of [
    ["ok | 12 passed | 0 failed (2s)", { passed: 12 }],
    ["ok | 12 passed (3 steps) | 0 failed | 1 ignored (2s)", { passed: 12, ignored: 1 }],
    ["ok | 2 passed | 0 failed | 3 ignored (1 step) (2s)", { passed: 2, ignored: 3 }],
    ["ok | 5 passed | 0 failed | 3948 filtered out (3m12s)", { passed: 5 }],
    ["FAILED | 1 passed (1 step) | 2 failed (1 step) | 1 ignored (11ms)", {
      ...{ passed: 1, failed: 2, ignored: 1 },
    }],
  ] as const
) {
  Deno.test(`SummaryReader.read takes "${line}"`, () => {
    const reader = new SummaryReader();

    assert.equal(reader.read("a test ... ok (1ms)"), false);
    assert.equal(reader.read(line), true);
    assert.deepEqual(reader.summaryOf("of a kind"), { ...NONE, ...expected });
  });
}

Deno.test("SummaryReader.read keeps what failed and why, and nothing else that is said before", () => {
  const reader = new SummaryReader();
  const lines = [
    "./tests/a_test.ts => a bad one ... FAILED (1ms)",
    "",
    " ERRORS ",
    "",
    "a bad one => ./tests/a_test.ts:1:6",
    "error: Error: no",
    "",
    " FAILURES ",
    "",
    "a bad one => ./tests/a_test.ts:1:6",
    "./tests/b_test.ts (uncaught error)",
    "",
  ];

  for (const line of lines) assert.equal(reader.read(line), false);
  reader.read("FAILED | 0 passed | 2 failed (1ms)");

  assert.deepEqual(reader.summaryOf("of a kind").failures, [
    "a bad one => ./tests/a_test.ts:1:6",
    "    Error: no",
    "./tests/b_test.ts (uncaught error)",
  ]);
});

Deno.test("SummaryReader.summaryOf counts a run without an end as one failure", () => {
  const reader = new SummaryReader();

  reader.read("error: Module not found");

  assert.deepEqual(reader.summaryOf("of a kind"), {
    ...{ ...NONE, failed: 1 },
    failures: ["the tests of a kind did not run to their end"],
  });
});

Deno.test("sumOf adds up, and nothing is nothing", () => {
  const one = { passed: 1, failed: 2, ignored: 3, failures: ["a", "b"] };

  assert.deepEqual(sumOf([]), NONE);
  assert.deepEqual(sumOf([one, { ...NONE, passed: 9, failed: 1, failures: ["c"] }]), {
    ...{ passed: 10, failed: 3, ignored: 3 },
    failures: ["a", "b", "c"],
  });
});

Deno.test("linesOf ends with a line that SummaryReader.read takes", () => {
  const bad = { passed: 7, failed: 1, ignored: 2, failures: ["a bad one => a_test.ts:1:6"] };

  for (const summary of [{ ...NONE, passed: 2 }, bad]) {
    const reader = new SummaryReader();
    const lines = linesOf(summary, 492_400);
    const isClosing = lines.map((line) => reader.read(line));

    assert.deepEqual(reader.summaryOf("of a kind"), summary);
    assert.equal(isClosing.indexOf(true), lines.length - 1);
    assert.match(lines.at(-1)!, / \(8m12s\)$/);
  }
});
