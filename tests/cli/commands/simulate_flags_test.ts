/** The flags of simulate: defaults, and what does not go together. */
import assert from "node:assert/strict";
import { UsageError } from "../../../cli/arguments.ts";
import { readSimulateFlags } from "../../../cli/commands/simulate_flags.ts";

Deno.test("readSimulateFlags fills in what is not given", () => {
  const flags = readSimulateFlags([]);

  assert.ok(typeof flags === "object");
  const { seed, ...settings } = flags.settings;
  assert.deepEqual(settings, {
    scenario: "verify",
    arrival: undefined,
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
      "--scenario chat --arrival ramp --ramp 5s --slo errors==0 --slo join.p95<1s " +
      "--baseline b.json --processes 4")
      .split(" "),
  );

  assert.ok(typeof flags === "object");
  assert.deepEqual(flags, {
    url: "ws://a",
    isJson: true,
    isQuiet: true,
    junit: "j.xml",
    html: "h.html",
    slos: [
      { text: "errors==0", metric: "errors", operator: "==", bound: 0 },
      { text: "join.p95<1s", metric: "join.p95", operator: "<", bound: 1_000 },
    ],
    baseline: "b.json",
    processes: 4,
    search: undefined,
    faults: undefined,
    faultLog: undefined,
    record: undefined,
    settings: {
      scenario: "chat",
      arrival: { kind: "ramp", rampMs: 5_000 },
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
    },
  });
});

Deno.test("readSimulateFlags takes the defaults of the scenario where a flag is not given", () => {
  const churn = readSimulateFlags(["--scenario", "churn"]);
  const longer = readSimulateFlags(["--scenario", "churn", "--hold", "1m"]);

  assert.ok(typeof churn === "object" && typeof longer === "object");
  assert.deepEqual([churn.settings.churn, churn.settings.holdMs], [0.2, 10_000]);
  assert.deepEqual([longer.settings.churn, longer.settings.holdMs], [0.2, 60_000]);
});

Deno.test("readSimulateFlags takes a poisson arrival at the rate, and a search", () => {
  const flags = readSimulateFlags(
    "--arrival poisson --rate 40 --search join.p95<1s --search-by rate --search-max 90".split(" "),
  );

  assert.ok(typeof flags === "object");
  assert.deepEqual(flags.settings.arrival, { kind: "poisson", perSecond: 40 });
  assert.deepEqual([flags.search?.by, flags.search?.max], ["rate", 90]);
});

Deno.test("readSimulateFlags knows --scenario list", () => {
  assert.equal(readSimulateFlags(["--scenario", "list"]), "scenarios");
});

Deno.test("readSimulateFlags knows --help", () => {
  assert.equal(readSimulateFlags(["--help"]), "help");
});

for (
  const args of [
    ["--users", "0"],
    ["--users", "1000001"],
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
    ["--scenario", "storm"],
    ["--scenario", "relay", "--users", "3", "--rooms", "2"],
    ["--arrival", "slowly"],
    ["--arrival", "poisson"],
    ["--ramp", "1s"],
    ["--slo", "join.p95<300"],
    ["--search", "joins<1"],
    ["--search-by", "users"],
    ["--search-max", "9"],
    ["--search-by", "luck", "--search", "errors==0"],
    ["--search-by", "rate", "--search", "errors==0"],
    ["--baseline", "b.json", "--search", "errors==0"],
    ["--processes", "2"],
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

Deno.test("readSimulateFlags takes faults and a capture, for a single tester and run", () => {
  const read = (text: string) => readSimulateFlags(text.split(" "));
  const flags = read("--latency 80ms --fault-log f.jsonl --record r.jsonl");

  assert.ok(typeof flags === "object");
  const { faults, faultLog, record, settings } = flags;
  assert.deepEqual({ faults, faultLog, record, again: settings.faults }, {
    faults: { faults: [{ kind: "latency", ms: 80 }] },
    faultLog: "f.jsonl",
    record: "r.jsonl",
    again: "--latency=80ms",
  });
  for (
    const wrong of [
      "--latency 80ms --scenario relay",
      "--latency 80ms --processes 2 --rooms 2",
      "--record r.jsonl --processes 2 --rooms 2",
      "--record r.jsonl --search join.p95<1s",
    ]
  ) {
    assert.throws(() => read(wrong), UsageError, wrong);
  }
  assert.equal(typeof read("--latency 80ms --scenario churn"), "object");
});
