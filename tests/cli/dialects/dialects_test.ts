/** The neutral checks on servers of other protocols, which are the real ones. */
import assert from "node:assert/strict";
import type { ConformanceReport } from "../../../cli/conformance/report/conformance_report.ts";
import { SpawnedServer } from "../../support/spawned_server.ts";
import { runCli } from "../../support/run_cli.ts";

Deno.test("a room server on Socket.IO passes every neutral check", async () => {
  await using server = await SpawnedServer.startFrail("./socketio_rooms_server.ts");

  const { code, report } = await check("socketio-rooms", server.url);

  assert.deepEqual(verdicts(report, "failed"), []);
  assert.equal(code, 0);
  assert.equal(report.totals.passed, 15);
});

Deno.test("PeerServer passes what it has, and says what it has not", async () => {
  await using server = await SpawnedServer.startFrail("./peerjs_server.ts");

  const { report } = await check("peerjs", server.url);

  // When the old socket of an id closes after the new one has come, PeerServer forgets the new one,
  // for it removes by id. Which of the two is first is up to the machine.
  const failed = verdicts(report, "failed").filter((id) => id !== "N7");
  assert.deepEqual(failed, []);
  assert.deepEqual(verdicts(report, "not applicable"), ["N1", "N2", "N3", "N4", "N9", "N10"]);
  assert.ok(report.totals.passed >= 8);
});

Deno.test("PeerServer without a handler for errors is ended by a malformed frame", async () => {
  await using server = await SpawnedServer.startFrail(
    "./peerjs_server.ts",
    "--without-error-handler",
  );

  const { code, report } = await check("peerjs", server.url, "--only", "N13");

  assert.equal(code, 1);
  assert.deepEqual(verdicts(report, "failed"), ["N13"]);
});

async function check(
  dialect: string,
  url: string,
  ...more: readonly string[]
): Promise<{ code: number; report: ConformanceReport }> {
  const args = ["--dialect", dialect, "--url", url, "--json", "-", ...more];
  const { code, out, err } = await runCli("conformance", args);
  assert.ok(out.startsWith("{"), err);
  return { code, report: JSON.parse(out) };
}

function verdicts({ checks }: ConformanceReport, wanted: string): string[] {
  return checks.filter(({ verdict }) => verdict === wanted).map(({ id }) => id);
}
