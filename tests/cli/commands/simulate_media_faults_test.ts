/**
 * The proof that media are truly verified: servers whose media process is wrong in one way, and the
 * simulation that must find it, by the rule that is broken.
 */
import assert from "node:assert/strict";
import type { SimulationReport } from "../../../cli/report/simulation_report.ts";
import { mediaMutants } from "../../support/mutants/media_server.ts";
import { runCli } from "../../support/run_cli.ts";
import { SpawnedServer } from "../../support/spawned_server.ts";

const SERVE = "./mutants/media_server.ts";

async function simulated(...mutant: string[]): Promise<{ code: number; report: SimulationReport }> {
  await using server = await SpawnedServer.start(SERVE, ...mutant);
  const { code, out, err } = await runCli("simulate", [
    ...["--url", server.url, "--users", "4", "--timeout", "4s", "--json"],
    ...["--media", "synthetic", "--media-seconds", "2"],
  ]);
  assert.ok(out.startsWith("{"), out + err);
  return { code, report: JSON.parse(out) };
}

for (const [name, { does, rule }] of Object.entries(mediaMutants)) {
  Deno.test(`[${rule}] simulate --media finds a media process that ${does}`, async () => {
    const { code, report } = await simulated(name);

    assert.equal(code, 1);
    const rules = report.findings.map((finding) => finding.rule);
    assert.ok(rules.includes(rule), JSON.stringify(report.findings));
  });
}

Deno.test("simulate --media names the pairs that are missing", async () => {
  const { report } = await simulated("lose-key-frame-requests");

  const missing = report.media!.pairs.filter(({ verdict }) => verdict === "missing");
  assert.ok(missing.length > 0);
  for (const { subscriber, publisher } of missing) {
    const named = report.findings.some(({ userId, message }) =>
      userId === subscriber && message === `camera of ${publisher}`
    );
    assert.ok(named, `${subscriber} lacks ${publisher}`);
  }
});

Deno.test("simulate --media finds nothing wrong with a correct one, started the same way", async () => {
  const { code, report } = await simulated();

  assert.equal(code, 0, JSON.stringify(report.findings));
});
