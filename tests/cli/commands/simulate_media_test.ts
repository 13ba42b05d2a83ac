/** The simulation with media: against a correct server each packet of each pair is verified. */
import assert from "node:assert/strict";
import type { SimulationReport } from "../../../cli/report/simulation_report.ts";
import { freeUdpPort } from "../../support/ports.ts";
import { runCli } from "../../support/run_cli.ts";
import { ServerProcess } from "../../support/server_process.ts";

/** As short as it goes, and enough for every exercise. */
const MEDIA = ["--media", "synthetic", "--media-seconds", "1"];

async function simulateJson(
  ...args: string[]
): Promise<{ code: number; report: SimulationReport }> {
  const { code, out, err } = await runCli("simulate", [...args, ...MEDIA, "--json"]);
  assert.ok(out.startsWith("{"), out + err);
  return { code, report: JSON.parse(out) };
}

function verdicts({ media }: SimulationReport): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verdict } of media?.pairs ?? []) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}

Deno.test("[SB1, TO2] simulate --media verifies every pair of six users whose room moves to the server", async () => {
  await using server = await ServerProcess.start({
    args: ["--media-port", `${await freeUdpPort()}`, "--media-processes", "1"],
  });

  const { code, report } = await simulateJson("--url", server.address, "--users", "6");

  assert.equal(code, 0, JSON.stringify(report.findings, null, 1));
  assert.deepEqual(verdicts(report), { verified: 30 });
  const checked = Object.fromEntries(report.checks.map(({ rule, state }) => [rule, state]));
  for (const rule of ["PB1", "PB3", "SB1", "SB2", "SB3", "SB4"]) {
    assert.equal(checked[rule], "passed");
  }
  const { sent, received, lostOnPurpose, repaired } = report.media!;
  assert.ok(sent > 600 && received > sent, `${sent} sent, ${received} received`);
  assert.ok(lostOnPurpose > 0 && repaired > 0, `${lostOnPurpose} lost, ${repaired} repeated`);
  assert.equal(report.latency.packet.count > 0, true);
  assert.ok(report.latency.picture.count >= 30);
});

Deno.test("[OR2] simulate --media starts a server of its own, and keeps two rooms apart", async () => {
  const { code, report } = await simulateJson("--users", "6", "--rooms", "2");

  assert.equal(code, 0, JSON.stringify(report.findings, null, 1));
  assert.deepEqual(verdicts(report), { verified: 12 });
  assert.equal(report.settings.media?.durationMs, 1_000);
  assert.deepEqual(report.media?.delays.length, 6);
});

Deno.test("[TO2] simulate --media finds that a room does not move to the server", async () => {
  await using server = await ServerProcess.start({ args: ["--media", "off"] });

  const { code, report } = await simulateJson(
    ...["--url", server.address, "--users", "4", "--timeout", "1s"],
  );

  assert.equal(code, 1);
  assert.deepEqual(report.findings.map(({ rule, seen }) => [rule, seen]), [["TO2", "mesh"]]);
  assert.match(report.notes.join(), /hears of no media through the server/);
});

Deno.test("simulate --media ends with 130 when it is interrupted", async () => {
  const { code, out } = await runCli(
    "simulate",
    ["--users", "3", "--media", "synthetic", "--media-seconds", "60"],
    { interruptAt: /Join done/ },
  );

  assert.equal(code, 130, out);
  assert.match(out, /■ INTERRUPTED/);
});

Deno.test("simulate --media tells in words what came of it", async () => {
  const { code, out } = await runCli("simulate", ["--users", "3", "--seed", "5", ...MEDIA]);

  assert.equal(code, 0, out);
  assert.match(out, /media +6 of 6 pairs verified, [\d,]+ packets of [\d,]+, /);
  assert.match(out, /slowest +user-\d: packets took /);
  assert.match(out, /Again: deno task simulate .*--seed 5 --media synthetic --media-seconds 1\n/);
});

Deno.test("[TO1, RL1] simulate --media-path mesh verifies every pair by the numbers of its frames", async () => {
  const { code, report } = await simulateJson(
    ...["--users", "4", "--media-path", "mesh", "--media-loss", "0.02"],
  );

  assert.equal(code, 0, JSON.stringify(report.findings, null, 1));
  assert.deepEqual(verdicts(report), { verified: 12 });
  assert.equal(report.settings.media?.path, "mesh");
  for (const { sound, picture } of report.media!.pairs) {
    assert.ok(sound.packets > 20 && picture.packets > 20 && picture.keyFrames > 0);
    assert.equal(picture.lost, 0);
  }
  const { lostOnPurpose, repaired, repeated } = report.media!;
  assert.ok(lostOnPurpose > 0 && repaired > 0, `${lostOnPurpose} lost, ${repaired} repaired`);
  assert.ok(repeated >= repaired, `${repeated} repeated`);
  assert.ok(report.latency.packet.count > 100);
});

Deno.test("[TO1] simulate --media-path mesh finds that a room is no mesh", async () => {
  await using server = await ServerProcess.start({
    args: ["--media-port", `${await freeUdpPort()}`, "--topology", "sfu"],
  });

  const { code, report } = await simulateJson(
    ...["--url", server.address, "--users", "2", "--media-path", "mesh"],
  );

  assert.equal(code, 1);
  assert.deepEqual(report.findings.map(({ rule, seen }) => [rule, seen]), [["TO1", "sfu"]]);
});
