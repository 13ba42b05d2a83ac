/** The flags of the soak, and what follows of them. */
import assert from "node:assert/strict";
import { UsageError } from "../../cli/arguments.ts";
import { readSettings, type SoakSettings } from "./settings.ts";

function read(...args: string[]): SoakSettings {
  const settings = readSettings(args);
  assert.ok(settings !== "help");
  return settings;
}

Deno.test("readSettings: twenty minutes are twenty cycles, most of each busy", () => {
  const settings = read("--seed", "7");

  assert.deepEqual([settings.minutes, settings.cycles, settings.cycleMs], [20, 20, 60_000]);
  assert.deepEqual([settings.users, settings.rooms, settings.seed], [60, 12, 7]);
  assert.deepEqual([settings.busyMs, settings.restMs, settings.graceMs], [42_000, 6_000, 2_000]);
  assert.deepEqual([settings.lineMs, settings.tolerances.memoryMb], [10_000, 8]);
  assert.equal(settings.json, undefined);
});

Deno.test("readSettings: a short run has as many cycles as a trend needs, and a long one no more than it bears", () => {
  const short = read("--minutes", "0.1");
  const long = read("--minutes", "10000");

  assert.deepEqual([short.cycles, short.cycleMs, short.graceMs], [8, 750, 300]);
  assert.deepEqual([short.lineMs, short.tolerances.memoryMb], [375, 128]);
  assert.deepEqual([long.cycles, long.cycleMs], [400, 1_500_000]);
});

Deno.test("readSettings: few users need few rooms, and a seed is made where none is given", () => {
  const settings = read("--users", "3");

  assert.equal(settings.rooms, 3);
  assert.ok(Number.isInteger(settings.seed) && settings.seed >= 0);
});

Deno.test("readSettings: --help asks for help, whatever else stands there", () => {
  assert.equal(readSettings(["--help"]), "help");
  assert.equal(readSettings(["--minutes", "none", "-h"]), "help");
});

for (
  const [args, named] of [
    [["--minutes", "0"], /--minutes "0"/],
    [["--minutes", "soon"], /--minutes "soon"/],
    [["--users", "1.5"], /--users "1.5"/],
    [["--users", "5", "--rooms", "6"], /--rooms 6 .*--users 5/],
    [["--seed", "-1"], /--seed/],
    [["--json", ""], /--json ""/],
    [["--hours", "3"], /--hours/],
  ] as const
) {
  Deno.test(`readSettings refuses ${args.join(" ")}`, () => {
    assert.throws(
      () => readSettings(args),
      (error) => error instanceof UsageError && named.test(error.message),
    );
  });
}
