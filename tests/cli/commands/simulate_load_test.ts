/** Objectives, baselines, searches and several testers, as their users run them. */
import assert from "node:assert/strict";
import type { SimulationReport } from "../../../cli/report/simulation_report.ts";
import { runCli } from "../../support/run_cli.ts";
import { ServerProcess } from "../../support/server_process.ts";

Deno.test("simulate ends with 1 where an objective is missed, and says which", async () => {
  const { code, out } = await runCli("simulate", [
    ...["--users", "3", "--slo", "join.max<1us", "--slo", "findings==0"],
  ]);

  assert.equal(code, 1, out);
  assert.match(out, /✘ join\.max<1us {2}\d/);
  assert.match(out, /✔ findings==0 {3}0\n/);
  assert.match(out, /✔ VERIFIED .* ✘ 1 of 2 objectives missed\n/);
  assert.match(out, /Again: .* --slo 'join\.max<1us'/);
});

Deno.test("simulate ends with 0 where all objectives are met, those on the server too", async () => {
  await using server = await ServerProcess.start();

  const { code, out } = await runCli("simulate", [
    ...["--url", server.address, "--users", "3", "--json", "--slo", "join.p99<60s"],
    ...["--slo", "server.rss<10GB", "--slo", "server.cpu<100", "--slo", "errors==0"],
  ]);

  assert.equal(code, 0, out);
  const report: SimulationReport = JSON.parse(out);
  assert.ok(report.slos.every(({ isMet, measured }) => isMet && measured !== null));
  assert.ok(report.server.maxRssBytes! > 1e7 && report.server.cpuShare! >= 0);
});

Deno.test("simulate compares with an earlier run of itself", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const args = ["--users", "20", "--duration", "2s", "--rate", "60", "--seed", "5"];
    const before = await runCli("simulate", [...args, "--json"]);
    const file = `${folder}/before.json`;
    const slowed = JSON.parse(before.out);
    // An earlier run whose broadcasts took 64 times as long: six doublings of 32 buckets.
    const later = (pair: string) => {
      const [bucket, count] = pair.split(":");
      return `${Number(bucket) + 192}:${count}`;
    };
    slowed.latency.broadcast.blocks = slowed.latency.broadcast.blocks.map((line: string) =>
      line.split(" ").map(later).join(" ")
    );
    await Deno.writeTextFile(file, JSON.stringify(slowed));

    const { out } = await runCli("simulate", [...args, "--baseline", file]);

    assert.match(out, /better {3}broadcast\.p50 .* -\d+ % to -\d+ %/);
    assert.match(out, /unknown {2}join\.p50 .*not comparable: the earlier run has 16 samples/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("simulate refuses a baseline that is none with 2", async () => {
  const { code, err } = await runCli("simulate", ["--baseline", "deno.json"]);

  assert.equal(code, 2);
  assert.match(err, /--baseline "deno\.json": it is no report of simulate --json/);
});

Deno.test("simulate --search prints its probes and the answer", async () => {
  const { code, out } = await runCli("simulate", [
    ...["--search", "join.p99<60s", "--search-max", "8", "--users", "2", "--duration", "200ms"],
  ]);

  assert.equal(code, 0, out);
  assert.match(out, /users {2}join\.p99<60s .*\n {2}✔ {6}2 .*\n {2}✔ {6}4 .*\n {2}✔ {6}8 /);
  assert.match(out, /✔ 8 USERS {2}hold join\.p99<60s; the search ends there/);
});

Deno.test("simulate --search ends with 1 where nothing holds, each probe run twice", async () => {
  const { code, out } = await runCli("simulate", [
    ...["--search", "join.max<1us", "--users", "2", "--duration", "200ms", "--json"],
  ]);

  assert.equal(code, 1);
  const { format, largest, smallestFailing, probes } = JSON.parse(out);
  assert.deepEqual([format, largest, smallestFailing], ["signalbox-search/1", 0, 2]);
  assert.deepEqual(
    probes.map(({ size, isRepeat }: { size: number; isRepeat: boolean }) => [size, isRepeat]),
    [[2, false], [2, true]],
  );
});

Deno.test("simulate --search ends with 3 where no server is", async () => {
  const { code, err } = await runCli("simulate", [
    ...["--search", "errors==0", "--url", "ws://127.0.0.1:9"],
  ]);

  assert.equal(code, 3);
  assert.match(err, /^The search ended: unreachable\. the connection was refused/);
});

Deno.test("[OR2] simulate --processes splits rooms over testers and verifies all of them", async () => {
  const { code, out } = await runCli("simulate", [
    ...["--users", "20", "--rooms", "5", "--processes", "2", "--json", "--seed", "9"],
  ]);

  const report: SimulationReport = JSON.parse(out);
  assert.equal(code, 0, JSON.stringify(report.findings, null, 1));
  const checked = Object.fromEntries(report.checks.map(({ rule, checked }) => [rule, checked]));
  assert.deepEqual([checked.CO1, checked.JO2, checked.LE5], [20, 20, 5]);
  assert.equal(report.tester.count, 2);
  assert.equal(report.counts.joins, 20);
  assert.equal(report.latency.join.count, 20);
  assert.ok(report.counts.receivedPerSecond > 0 && report.throughput.length > 0);
});

Deno.test("simulate --processes ends with 3 and 130 as one tester does", async () => {
  const unreachable = await runCli("simulate", [
    ...["--users", "4", "--rooms", "2", "--processes", "2", "--url", "ws://127.0.0.1:9"],
  ]);
  const interrupted = await runCli("simulate", [
    ...["--users", "4", "--rooms", "2", "--processes", "2", "--duration", "60s"],
  ], { interruptAt: /Join done/ });

  assert.equal(unreachable.code, 3);
  assert.equal(interrupted.code, 130, interrupted.err);
  assert.match(interrupted.out, /■ INTERRUPTED/);
});

Deno.test("simulate says what to raise where the machine allows too few files", async () => {
  const { code, err } = await runCli("simulate", ["--users", "1000000", "--rooms", "10000"]);

  assert.equal(code, 2);
  assert.match(err, /--users 1000000: they need 2000100 open files, .* ulimit -n 2000200/);
});
