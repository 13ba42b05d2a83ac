/** The soak as its task runs it, for seconds; and against a server that leaks. */
import assert from "node:assert/strict";
import { systemClock } from "../../src/base/mod.ts";
import { runCli } from "../support/run_cli.ts";
import { ServerProcess } from "../support/server_process.ts";
import { exitCodeOf } from "./report.ts";
import { readSettings, type SoakSettings } from "./settings.ts";
import { soak } from "./soak.ts";

const TINY = ["--minutes", "0.1", "--users", "8", "--rooms", "3", "--seed", "7"];

Deno.test("deno task soak finds that nothing grows, and writes its samples", async () => {
  const json = await Deno.makeTempFile({ suffix: ".json" });

  const { code, out, err } = await runCli("soak", [...TINY, "--json", json]);

  assert.equal(code, 0, `${out}${err}`);
  assert.match(out, /✔ HOLDS {2}nothing grows .* 8 cycles/);
  assert.match(out, /^ +time +users +rooms/m);
  const report = JSON.parse(await Deno.readTextFile(json));
  assert.deepEqual([report.cycles.length, report.surpriseCount], [8, 0]);
  const { joins, resumed, meetings, slowReaders } = report.counts;
  for (const count of [joins, resumed, meetings, slowReaders]) assert.ok(count > 0, `${count}`);
  assert.ok(report.counts.provoked > 0);
  for (const { rest } of report.cycles) assert.equal(rest.at(-1).stays, 0);
  await Deno.remove(json);
});

Deno.test("deno task soak tells the verdict so far when it is interrupted, and exits with 130", async () => {
  const { code, out } = await runCli("soak", TINY, { interruptAt: /^ +0:0\d/m });

  assert.equal(code, 130);
  assert.match(out, /\? UNDECIDED \(interrupted\)/);
});

Deno.test("deno task soak refuses flags that it cannot use, and explains itself", async () => {
  const [bad, unwritable, help] = await Promise.all([
    runCli("soak", ["--minutes", "long"]),
    runCli("soak", [...TINY, "--json", "/no/such/folder/soak.json"]),
    runCli("soak", ["--help"]),
  ]);

  assert.equal(bad.code, 2);
  assert.match(bad.err, /^Cannot use --minutes "long": .*\nThe flags: deno task soak --help\n$/);
  assert.equal(unwritable.code, 2);
  assert.match(unwritable.err, /^Cannot use --json "\/no\/such\/folder\/soak.json"/);
  assert.equal(help.code, 0);
  assert.match(help.out, /Exit codes[^]*Examples/);
});

Deno.test("soak rejects when the server is gone, and leaves no connection", async () => {
  const settings = readSettings(TINY) as SoakSettings; // Nobody asks for help here.
  const server = await ServerProcess.start({ args: ["--listener", "ws"] });
  let end: Promise<void> | undefined;

  const run = soak({
    settings,
    server,
    clock: systemClock,
    signal: new AbortController().signal,
    onSample: () => end ??= server.kill(),
  });

  await assert.rejects(run, TypeError);
  await end;
});

Deno.test("soak finds the memory and the files that each connection leaves behind", async () => {
  const settings = readSettings(TINY) as SoakSettings; // Nobody asks for help here.
  await using server = await ServerProcess.start({
    entry: "tests/support/leaky_server.ts",
    args: ["--listener", "ws", "--resume-grace-ms", `${settings.graceMs}`],
  });

  const report = await soak({
    settings,
    server,
    clock: systemClock,
    signal: new AbortController().signal,
    onSample: () => {},
  });

  const verdictOf = (name: string) => report.series.find((one) => one.name === name)?.verdict;
  assert.equal(verdictOf("resident memory at rest"), "grows");
  assert.equal(verdictOf("sockets at rest"), "holds");
  if (Deno.build.os === "linux") assert.equal(verdictOf("open files at rest"), "grows");
  assert.deepEqual(report.surprises, []);
  assert.equal(exitCodeOf(report), 1);
});
