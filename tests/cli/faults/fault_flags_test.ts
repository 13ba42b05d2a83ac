/** The flags of faults: each as the rule that a file would have, and what cannot be read. */
import assert from "node:assert/strict";
import { readFlags, UsageError } from "../../../cli/arguments.ts";
import { FAULT_FLAGS, faultFlagsAgain, readFaultFlags } from "../../../cli/faults/fault_flags.ts";

const taken: readonly [args: string[], rules: object[]][] = [
  [["--latency", "80ms"], [{ kind: "latency", ms: 80 }]],
  [["--jitter", "0.5s"], [{ kind: "jitter", ms: 500 }]],
  [["--bandwidth", "20000"], [{ kind: "bandwidth", bytesPerSecond: 20_000 }]],
  [["--fragment", "3"], [{ kind: "fragment", pieces: 3 }]],
  [["--byte-wise", "1"], [{ kind: "byte-wise", probability: 1 }]],
  [["--drop", "chat:0.01"], [{ kind: "drop", type: "chat", probability: 0.01 }]],
  [["--duplicate", "user-*:1"], [{ kind: "duplicate", type: "user-*", probability: 1 }]],
  [["--reorder", "2nd"], [{ kind: "reorder", every: 2 }]],
  [["--cut", "chat:50th"], [{ kind: "cut", type: "chat", every: 50 }]],
  [["--half-open", "@5s"], [{ kind: "half-open", atMs: 5_000 }]],
  [["--stop-reading", "chat:@300ms"], [{ kind: "stop-reading", type: "chat", atMs: 300 }]],
  [["--clock-skew=-5s"], [{ kind: "clock-skew", ms: -5_000 }]],
  [
    [
      "--drop",
      "0.5",
      "--latency",
      "1s",
      "--fault-user",
      "user-1*",
      "--fault-direction",
      "to-client",
    ],
    [
      { kind: "latency", ms: 1_000, direction: "to-client", user: "user-1*" },
      { kind: "drop", probability: 0.5, direction: "to-client", user: "user-1*" },
    ],
  ],
  [["--clock-skew", "1m", "--fault-user", "ann", "--fault-direction", "both"], [
    { kind: "clock-skew", ms: 60_000, user: "ann" },
  ]],
];

for (const [args, rules] of taken) {
  Deno.test(`readFaultFlags reads ${args.join(" ")}`, () => {
    assert.deepEqual(readFaultFlags(readFlags(args, FAULT_FLAGS)), { faults: rules });
  });
}

const refused: readonly [args: string[], named: RegExp][] = [
  [["--latency", "80"], /--latency "80": expected a duration/],
  [["--bandwidth", "0"], /--bandwidth "0"/],
  [["--fragment", "1"], /--fragment "1"/],
  [["--drop", "1.5"], /--drop "1\.5": expected like 0\.01, 50th, @5s, or chat:0\.01/],
  [["--drop", "chat"], /--drop "chat": expected like/],
  [["--drop", ":0.1"], /--drop ":0\.1"/],
  [["--cut", "0th"], /--cut "0th"/],
  [["--half-open", "@soon"], /--half-open "soon": expected a duration/],
  [["--clock-skew", "ahead"], /--clock-skew "ahead"/],
  [["--latency", "1h"], /Cannot use the fault flags: ms is 3600000/],
  [["--drop", "1", "--fault-direction", "up"], /Cannot use the fault flags: direction is "up"/],
  [["--fault-user", "ann"], /Cannot use --fault-user without a fault/],
  [["--fault", "/no/such/file"], /Cannot use --fault "\/no\/such\/file"/],
];

for (const [args, named] of refused) {
  Deno.test(`readFaultFlags refuses ${args.join(" ")}`, () => {
    assert.throws(() => readFaultFlags(readFlags(args, FAULT_FLAGS)), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, named);
      return true;
    });
  });
}

Deno.test("readFaultFlags adds the flags to a file, and names the place of what is wrong in it", async () => {
  const file = await Deno.makeTempFile();
  const read = (...args: string[]) =>
    readFaultFlags(readFlags(["--fault", file, ...args], FAULT_FLAGS));
  try {
    await Deno.writeTextFile(file, '{"seed":7,"faults":[{"kind":"cut","every":9}]}');
    assert.deepEqual(read("--latency", "1ms"), {
      seed: 7,
      faults: [{ kind: "cut", every: 9 }, { kind: "latency", ms: 1 }],
    });
    await Deno.writeTextFile(file, '{"faults":[{"kind":"cut","evry":9}]}');
    assert.throws(() => read(), /Cannot use --fault ".*": faults\[0\]\.evry is not known/);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("readFaultFlags makes no plan of nothing", () => {
  assert.equal(readFaultFlags(readFlags([], FAULT_FLAGS)), undefined);
});

Deno.test("faultFlagsAgain writes the flags so that they can be typed again", () => {
  const args = ["--drop", "user-*:0.1", "--clock-skew=-5s", "--latency", "80ms"];
  const again = faultFlagsAgain(readFlags(args, FAULT_FLAGS));

  assert.equal(again, "--latency=80ms --clock-skew=-5s --drop='user-*:0.1'");
});
