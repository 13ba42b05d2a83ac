/**
 * `simulate` with faults of its own: what only delays must verify, what ends connections must not be
 * blamed on the server, what alters messages must be found, with a word of where it was injected.
 */
import assert from "node:assert/strict";
import type { SimulationReport } from "../../../cli/report/simulation_report.ts";
import { runCli } from "../../support/run_cli.ts";

const few = ["--users", "8", "--rooms", "2", "--room", "test", "--seed", "3"];

const transparent: readonly string[][] = [
  ["--latency", "30ms", "--jitter", "20ms"],
  ["--bandwidth", "20000"],
  ["--byte-wise", "1", "--fragment", "3", "--clock-skew=-1h"],
  ["--latency", "20ms", "--churn", "1", "--duration", "1s", "--drop-ratio", "0.5"],
];

for (const flags of transparent) {
  Deno.test(`[OR1] simulate verifies everything through ${flags.join(" ")}`, async () => {
    const { code, report } = await simulateJson(...few, ...flags);

    assert.equal(code, 0, JSON.stringify(report.findings, null, 1));
    assert.ok(report.checks.every(({ state }) => state === "passed"));
    assert.ok(
      report.notes.some((note) => /^Faults injected: \d+ \w/.test(note)),
      `${report.notes}`,
    );
  });
}

const ending: readonly string[][] = [
  ["--cut", "chat:0.03"],
  ["--half-open", "chat:0.03"],
  ["--stop-reading", "chat:0.03"],
  ["--cut", "0.02", "--latency", "20ms", "--churn", "1", "--duration", "1s"],
];

for (const flags of ending) {
  Deno.test(`[LE7] simulate does not blame the server for ${flags.join(" ")}`, async () => {
    const { code, report } = await simulateJson(...few, ...flags);

    assert.equal(code, 0, JSON.stringify(report.findings, null, 1));
    const note = report.notes.find((one) => one.startsWith("Faults injected: ")) ?? "no note";
    assert.match(note, /; \d+ users? lost a connection to them and count as dropped$/);
  });
}

const altering: readonly [flags: string[], rule: string, seen: RegExp][] = [
  [
    ["--drop", "user-left:0.5", "--fault-direction", "to-client"],
    "LE3",
    /^none \(injected on this connection: drop of user-left to-client, message \d+/,
  ],
  [
    ["--duplicate", "chat:0.2", "--fault-direction", "to-client"],
    "CH1",
    /^another one \(injected on this connection: duplicate of chat to-client, message \d+/,
  ],
  [
    ["--reorder", "chat:0.2", "--fault-direction", "to-client"],
    "OR1",
    /first \(injected on this connection: reorder of chat to-client, message \d+/,
  ],
  [
    ["--drop", "chat:2nd", "--fault-direction", "to-server", "--fault-user", "user-1"],
    "ME4",
    /^none \(injected on this connection: drop of chat to-server, message \d+/,
  ],
];

for (const [flags, rule, seen] of altering) {
  Deno.test(`[${rule}] simulate finds ${flags.slice(0, 2).join(" ")}, and says it was injected`, async () => {
    const { code, report } = await simulateJson(...few, "--timeout", "700ms", ...flags);

    assert.equal(code, 1);
    const found = report.findings.filter((finding) => finding.rule === rule);
    assert.ok(found.some((one) => seen.test(one.seen)), JSON.stringify(report.findings, null, 1));
    assert.ok(report.findings.every((one) => one.seen.includes("(injected on ")));
  });
}

Deno.test("simulate --fault does the same to the same messages in two runs of one seed", async () => {
  const folder = await Deno.makeTempDir();
  const plan = {
    faults: [
      { kind: "jitter", ms: 5, type: "chat", user: "user-[12]" },
      { kind: "jitter", ms: 5, type: "chat", user: "user-?" },
      { kind: "byte-wise", type: "chat", probability: 0.3, direction: "to-server" },
    ],
  };
  await Deno.writeTextFile(`${folder}/faults.json`, JSON.stringify(plan));
  const runOnce = async (seed: string) => {
    const { code } = await runCli("simulate", [
      ...["--users", "5", "--room", "test", "--seed", seed, "--quiet"],
      ...["--fault", `${folder}/faults.json`, "--fault-log", `${folder}/log.jsonl`],
    ]);
    assert.equal(code, 0);
    const lines = (await Deno.readTextFile(`${folder}/log.jsonl`)).trimEnd().split("\n");
    // How many others joined before a user did is up to the machine, and so are the numbers.
    return lines.map((line) => JSON.stringify({ ...JSON.parse(line), index: 0 })).sort();
  };

  const [first, second, other] = [await runOnce("7"), await runOnce("7"), await runOnce("8")];
  await Deno.remove(folder, { recursive: true });

  assert.ok(first.length > 50, `${first.length} decisions`);
  assert.deepEqual(second, first);
  assert.notDeepEqual(other, first);
});

Deno.test("simulate prints the faults to be typed again, and refuses a log of none", async () => {
  const again = await runCli("simulate", ["--users", "2", "--seed", "1", "--latency", "1ms"]);
  const none = await runCli("simulate", ["--users", "2", "--fault-log", "log.jsonl"]);

  assert.match(again.out, /! Faults injected: \d+ latency\n/);
  assert.match(again.out, /Again: deno task simulate .* --seed 1 --latency=1ms\n/);
  assert.equal(none.code, 2);
  assert.match(none.err, /Cannot use --fault-log without a fault/);
});

async function simulateJson(
  ...args: string[]
): Promise<{ code: number; report: SimulationReport }> {
  const { code, out, err } = await runCli("simulate", [...args, "--json"]);
  assert.ok(out.startsWith("{"), out + err);
  return { code, report: JSON.parse(out) };
}
