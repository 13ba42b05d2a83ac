/** The flags of simulate: defaults, and what does not go together. */
import assert from "node:assert/strict";
import { UsageError } from "../../../cli/arguments.ts";
import { readSimulateFlags } from "../../../cli/commands/simulate_flags.ts";

Deno.test("readSimulateFlags fills in what is not given", () => {
  const flags = readSimulateFlags([]);

  assert.ok(flags !== "help");
  const { seed, ...settings } = flags.settings;
  assert.deepEqual(settings, {
    users: 5,
    rooms: 1,
    room: "simulation",
    rate: undefined,
    durationMs: undefined,
    holdMs: 0,
    churn: 0,
    dropRatio: 0.3,
    timeoutMs: 10_000,
  });
  assert.ok(Number.isInteger(seed));
  assert.equal(flags.url, undefined);
});

Deno.test("readSimulateFlags takes every flag", () => {
  const flags = readSimulateFlags(
    ("--users 50 --room r --rooms 10 --url ws://a --rate 20 --duration 3s --hold 1m --churn 0.1 " +
      "--drop-ratio 0 --seed 7 --timeout 2s --json --junit j.xml --html h.html --quiet --auto " +
      "--latency 80ms --fault-log f.jsonl --record r.jsonl")
      .split(" "),
  );

  assert.ok(flags !== "help");
  assert.deepEqual(flags, {
    url: "ws://a",
    isJson: true,
    isQuiet: true,
    junit: "j.xml",
    html: "h.html",
    faults: { faults: [{ kind: "latency", ms: 80 }] },
    faultLog: "f.jsonl",
    record: "r.jsonl",
    settings: {
      users: 50,
      rooms: 10,
      room: "r",
      rate: 20,
      durationMs: 3_000,
      holdMs: 60_000,
      churn: 0.1,
      dropRatio: 0,
      seed: 7,
      timeoutMs: 2_000,
      faults: "--latency=80ms",
    },
  });
});

Deno.test("readSimulateFlags knows --help", () => {
  assert.equal(readSimulateFlags(["--help"]), "help");
});

for (
  const args of [
    ["--users", "0"],
    ["--users", "20001"],
    ["--rooms", "6"],
    ["--room", "no spaces"],
    ["--room", "a/b"],
    ["--room", "x".repeat(65)],
    ["--rate", "0"],
    ["--churn", "-1"],
    ["--drop-ratio", "1.1"],
    ["--seed", "4294967296"],
    ["--duration", "10"],
    ["--timeout", "soon"],
  ]
) {
  Deno.test(`readSimulateFlags refuses ${args.join(" ").slice(0, 40)} and names the flag`, () => {
    assert.throws(() => readSimulateFlags(args), (error) => {
      assert.ok(error instanceof UsageError);
      assert.ok(error.message.includes(args[0]!), error.message);
      return true;
    });
  });
}
