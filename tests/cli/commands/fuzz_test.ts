/** `fuzz` as its users run it: a correct server holds, a wrong one is caught with few steps. */
import assert from "node:assert/strict";
import type { FuzzReport } from "../../../cli/fuzz/report.ts";
import { SpawnedServer } from "../../support/spawned_server.ts";
import { runCli } from "../../support/run_cli.ts";

/** Where the mutants are served. */
const SERVE = "./mutants/serve.ts";

Deno.test("fuzz holds our own server to its rules for 10,000 steps of 20 seeds", async () => {
  // Half of the time goes into waiting for seats to expire: two processes share the machine well.
  const results = await Promise.all(
    [1, 11].map((seed) => runCli("fuzz", [`--seed=${seed}`, "--runs=10", "--steps=500", "--json"])),
  );

  let steps = 0;
  for (const { code, out, err } of results) {
    assert.equal(code, 0, out + err);
    const report: FuzzReport = JSON.parse(out);
    assert.equal(report.verdict, "held");
    assert.ok(report.heapGrownBytes !== undefined, "the memory was looked at");
    steps += report.stepsTaken;
    const rules = Object.keys(report.checked);
    const scenes = "CH1 HO3 JO3 KI2 LB4 LE3 LE5 LK1 PC2 RE3 RE4 RE8 RE9 RL1 SS2 ST1".split(" ");
    assert.deepEqual(scenes.filter((rule) => !rules.includes(rule)), []);
  }
  assert.ok(steps >= 10_000, `${steps} steps`);
});

Deno.test("[RE4] fuzz shrinks what breaks a rule to a few steps, saves and replays it", async () => {
  await using server = await SpawnedServer.start(SERVE, "resume-loses");
  const folder = await Deno.makeTempDir();
  const file = `${folder}/broken.json`;
  try {
    const url = `--url=${server.url}`;

    const found = await runCli("fuzz", [url, "--seed=1", `--save=${file}`, "--json"]);
    const replayed = await runCli("fuzz", [url, `--replay=${file}`]);
    const correct = await runCli("fuzz", [`--replay=${file}`]);

    const report: FuzzReport = JSON.parse(found.out);
    assert.deepEqual([found.code, replayed.code, correct.code], [1, 1, 0]);
    assert.equal(report.failure?.violation.rule, "RE4");
    assert.ok(report.failure.lines.length < 10, report.failure.lines.join("\n"));
    assert.match(report.failure.lines.at(-1)!, /resumes from/);
    assert.equal(report.again, `deno task fuzz --replay ${file} --url ${server.url}`);
    assert.match(replayed.out, /✘ RE4 {2}seen by \w+\n {6}expected .*\n {6}seen /);
    assert.match(replayed.out, /✘ BROKEN/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("fuzz ends with 130 when it is interrupted", async () => {
  const { code, out } = await runCli("fuzz", ["--steps=1000000"], {
    interruptAt: /Signalbox fuzz/,
  });

  assert.equal(code, 130);
  assert.match(out, /■ INTERRUPTED/);
});

Deno.test("fuzz ends with 3 and one line where no server is", async () => {
  const { code, out } = await runCli("fuzz", ["--url", "ws://127.0.0.1:9"]);

  assert.equal(code, 3);
  assert.match(out, /✘ UNREACHABLE {2}Cannot connect to ws:\/\/127\.0\.0\.1:9\/ws: /);
});

for (
  const [args, named] of [
    [["--seed", "x"], /--seed "x"/],
    [["--users", "0"], /--users "0"/],
    [["--replay", "/nowhere/at/all.json"], /--replay "\/nowhere\/at\/all.json"/],
    [["--replay", "deno.json"], /--replay "deno.json"/],
    [["--replay", "x.json", "--steps", "5"], /--steps with --replay/],
    [["--url", "nonsense"], /--url "nonsense"/],
    [["--stpes", "5"], /--stpes/],
  ] as const
) {
  Deno.test(`fuzz refuses ${args.join(" ")} with 2`, async () => {
    const { code, err } = await runCli("fuzz", args);

    assert.equal(code, 2);
    assert.match(err, named);
  });
}

Deno.test("fuzz --help lists flags, exit codes and examples", async () => {
  const { code, out } = await runCli("fuzz", ["--help"]);

  assert.equal(code, 0);
  for (const flag of "seed steps runs users rooms url replay save json help".split(" ")) {
    assert.ok(out.includes(`--${flag}`), flag);
  }
  assert.match(out, /Exit codes\n/);
  assert.match(out, /Examples\n/);
});
