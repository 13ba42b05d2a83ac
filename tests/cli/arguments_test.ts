/** Flags: every mistake becomes one line that names the flag. */
import assert from "node:assert/strict";
import { durationOf, numberOf, readFlags, textOf, UsageError } from "../../cli/arguments.ts";

const TABLE = { users: "string", json: "boolean" } as const;

Deno.test("readFlags reads values, switches and -h", () => {
  const flags = readFlags(["--users", "5", "--json", "-h"], TABLE);

  assert.deepEqual({ ...flags }, { users: "5", json: true, help: true });
  assert.equal(readFlags(["--users=7"], TABLE).users, "7");
});

for (
  const [args, named] of [
    [["--usres", "5"], /--usres/],
    [["--users"], /--users/],
    [["--json=yes"], /--json/],
    [["surplus"], /surplus/],
    [["-x"], /-x/],
  ] as const
) {
  Deno.test(`readFlags refuses ${args.join(" ")} in one line that names it`, () => {
    const error = caught(() => readFlags(args, TABLE));

    assert.match(error.message, named);
    assert.doesNotMatch(error.message, /\n/);
  });
}

for (const text of ["x", "-1", "0", "101", "1.5", "1e2", "0x10", " 5", "NaN", "Infinity"]) {
  Deno.test(`numberOf refuses "${text}" where a whole number from 1 to 100 is wanted`, () => {
    const flags = { users: text };

    const error = caught(() => numberOf(flags, "users", { from: 1, to: 100, isWhole: true }));

    assert.equal(
      error.message,
      `Cannot use --users "${text}": expected a whole number from 1 to 100`,
    );
  });
}

Deno.test("numberOf takes fractions, and nothing as nothing", () => {
  assert.equal(numberOf({ rate: "0.5" }, "rate", { from: 0, to: 1 }), 0.5);
  assert.equal(numberOf({}, "rate", { from: 0, to: 1 }), undefined);
});

for (
  const [text, ms] of [["500ms", 500], ["10s", 10_000], ["2m", 120_000], ["1h", 3_600_000], [
    "1.5s",
    1_500,
  ]] as const
) {
  Deno.test(`durationOf reads ${text}`, () => {
    assert.equal(durationOf({ hold: text }, "hold"), ms);
  });
}

for (const text of ["10", "s", "10 s", "-1s", "1d", "1s1"]) {
  Deno.test(`durationOf refuses "${text}"`, () => {
    assert.match(caught(() => durationOf({ hold: text }, "hold")).message, /^Cannot use --hold /);
  });
}

Deno.test("textOf refuses an empty value", () => {
  assert.equal(
    caught(() => textOf({ room: "" }, "room")).message,
    'Cannot use --room "": it is empty',
  );
});

function caught(run: () => unknown): UsageError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}
