/** The regressions of others as their users run them: the list, a run, what is found, what is refused. */
import assert from "node:assert/strict";
import type { SimulationReport } from "../../../cli/report/simulation_report.ts";
import { REGRESSIONS } from "../../../cli/scenarios/regressions/table.ts";
import { SpawnedServer } from "../../support/spawned_server.ts";
import { freePort } from "../../support/ports.ts";
import { runCli } from "../../support/run_cli.ts";

/** Where the mutants are served. */
const SERVE = "./mutants/serve.ts";

Deno.test("simulate --scenario list shows the regressions with their threads, apart", async () => {
  const { code, out } = await runCli("simulate", ["--scenario", "list"]);

  assert.equal(code, 0);
  const [usual = "", regressions = ""] = out.split("Regressions of others:\n");
  assert.match(usual, /^Scenarios:\n {2}verify /);
  for (const [name, { summary, thread }] of Object.entries(REGRESSIONS)) {
    assert.ok(!usual.includes(name), name);
    assert.ok(regressions.includes(`  ${name}\n    ${summary}\n    ${thread}\n`), name);
  }
});

Deno.test("simulate plays a regression in several rooms at once and reports it as any run", async () => {
  const { code, out } = await runCli("simulate", [
    ...["--scenario", "lobby-bypass-by-arriving-early", "--users", "12", "--rooms", "3", "--json"],
  ]);

  const report: SimulationReport = JSON.parse(out);
  assert.equal(code, 0, out);
  assert.equal(report.verdict, "verified");
  assert.deepEqual(report.phases.map(({ name, state }) => [name, state]), [["knock", "done"]]);
  assert.equal(report.counts.joins, 3);
});

Deno.test("[LB8] simulate ends with 1 where a regression is found, and says who saw what", async () => {
  await using server = await SpawnedServer.start(SERVE, "first-opens-the-lobby");

  const { code, out } = await runCli("simulate", [
    ...["--scenario", "lobby-bypass-by-arriving-early", "--url", server.url, "--json"],
    ...["--timeout", "1s"],
  ]);

  assert.equal(code, 1, out);
  const [finding] = (JSON.parse(out) as SimulationReport).findings;
  assert.deepEqual(finding, {
    rule: "LB2",
    roomId: finding?.roomId,
    userId: "user-2",
    message: "the answer to join",
    expected: "waiting",
    seen: "joined",
  });
});

Deno.test("simulate ends with 3 where there is no server for a regression", async () => {
  const port = freePort();
  const flags = ["--scenario", "slow-reader", "--url", `ws://127.0.0.1:${port}`];

  const { code, err } = await runCli("simulate", [...flags, "--quiet"]);

  assert.equal(code, 3, err);
});

Deno.test("simulate refuses faults and too few users for a regression", async () => {
  const scenario = ["--scenario", "slow-reader"];

  const faulty = await runCli("simulate", [...scenario, "--latency", "20ms"]);
  const small = await runCli("simulate", [...scenario, "--users", "2"]);

  assert.equal(faulty.code, 2);
  assert.match(faulty.err, /faults with --scenario slow-reader/);
  assert.equal(small.code, 2);
  assert.match(small.err, /a room needs 4 users/);
});
