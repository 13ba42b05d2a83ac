/**
 * The regressions of others: each verifies our own server, and each finds a mutant of it that does
 * what people reported elsewhere.
 */
import assert from "node:assert/strict";
import { readSimulateFlags } from "../../../../cli/commands/simulate_flags.ts";
import { startLocalServer } from "../../../../cli/local_server.ts";
import { type Check, listChecks } from "../../../../cli/report/checks.ts";
import { REGRESSIONS } from "../../../../cli/scenarios/regressions/table.ts";
import type { SimulationSettings } from "../../../../cli/scenarios/settings.ts";
import { Simulation } from "../../../../cli/scenarios/simulation.ts";
import { SCENARIOS } from "../../../../cli/scenarios/table.ts";
import { readTarget } from "../../../../cli/target.ts";
import type { Finding } from "../../../../cli/verify/mod.ts";
import { systemClock } from "../../../../src/base/mod.ts";
import { MUTANT_GRACE_MS } from "../../../support/mutants/mutant.ts";
import { SpawnedServer } from "../../../support/spawned_server.ts";

/** Where the mutants are served. */
const SERVE = "./mutants/serve.ts";

/** Runs at once: one for each core of a small machine, and one that waits. */
const LANES = 3;
/** A seat that is kept for as long as a loaded machine may take. */
const LONG_GRACE_MS = 15_000;

/** The mutant that each regression has to find, and the rule that it then names. */
const MUTANTS: Readonly<Record<string, { readonly mutant: string; readonly rule: string }>> = {
  "ghosts-after-four-network-switches": { mutant: "fourth-return-is-not-told", rule: "RE3" },
  "resume-twice": { mutant: "resumes-once", rule: "RE4" },
  "resume-before-any-message": { mutant: "resumes-not-from-zero", rule: "RE4" },
  "rejoin-after-expiry": { mutant: "grace-never-ends", rule: "RE8" },
  "duplicate-identity-rejoin": { mutant: "accept-duplicate-user-id", rule: "JO5" },
  "id-free-after-network-loss": { mutant: "keep-a-ghost", rule: "JO5" },
  "no-event-on-same-identity-rejoin": { mutant: "silent-rejoin", rule: "JO3" },
  "glare-storm": { mutant: "glare-keeps-one", rule: "RL1" },
  "candidates-before-the-description": { mutant: "reorder-candidates", rule: "OR3" },
  "slow-reader": { mutant: "drops-in-silence", rule: "BP2" },
  "oversized-frame-survives": { mutant: "oversized-frame-ends-all", rule: "CO9" },
  "script-in-chat-and-names": { mutant: "markup-is-escaped", rule: "CH2" },
  "lobby-bypass-by-arriving-early": { mutant: "first-opens-the-lobby", rule: "LB2" },
  "admit-one-by-one": { mutant: "admits-all", rule: "LB4" },
  "kicked-stays-out": { mutant: "ban-not-held", rule: "KI2" },
  "host-leaves-handover": { mutant: "host-not-handed-over", rule: "HO3" },
  "room-capacity": { mutant: "place-is-never-free", rule: "LI1" },
  "many-rooms-isolation": { mutant: "relays-across-rooms", rule: "RL2" },
  "join-leave-storm-roster": { mutant: "drop-user-left", rule: "LE3" },
};

const names = Object.keys(REGRESSIONS);

Deno.test("every regression tells its thread and has a mutant, a summary and a name of its own", () => {
  assert.deepEqual(Object.keys(MUTANTS), names);
  for (const [name, { summary, thread }] of Object.entries(REGRESSIONS)) {
    assert.ok(summary.length <= 64, `${name}: ${summary.length}`);
    assert.match(thread, /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/issues\/\d+$/, name);
    assert.ok(!Object.hasOwn(SCENARIOS, name), name);
  }
});

Deno.test("README tells of every regression, with its thread", async () => {
  const readme = await Deno.readTextFile(new URL("../../../../README.md", import.meta.url));
  const section = readme.split("### Regressions of others\n")[1]?.split("\n## ")[0] ?? "";

  const told = [...section.matchAll(/^\| `([\w-]+)` .*\]\((https:[^)]*)\) *\|$/gm)]
    .map(([, name, thread]) => [name, thread]);
  assert.deepEqual(told, Object.entries(REGRESSIONS).map(([name, { thread }]) => [name, thread]));
});

Deno.test("every regression verifies our server, with all that it puts to the test", async () => {
  const bad: Record<string, unknown> = {};
  await inLanes(names, async (name) => {
    const settings = settingsOf(name, []);
    const server = await startLocalServer({ ...settings, ...REGRESSIONS[name]!.server });
    try {
      const { findings, checks } = await run(settings, server.url);
      const missing = checks.filter(({ state }) => state !== "passed").map(({ rule }) => rule);
      if (findings.length > 0 || missing.length > 0) bad[name] = { findings, missing };
    } finally {
      await server.close();
    }
  });

  assert.deepEqual(bad, {});
});

Deno.test("every regression finds the server that does what was reported", async () => {
  const bad: Record<string, unknown> = {};
  await inLanes(names, async (name) => {
    const { mutant, rule } = MUTANTS[name]!;
    await using server = await SpawnedServer.start(SERVE, mutant, ...flagsOf(name));
    const { findings } = await run(settingsOf(name, ["--timeout", "3s"]), server.url);
    if (!findings.some((finding) => finding.rule === rule)) bad[name] = findings;
  });

  assert.deepEqual(bad, {});
});

/** Does `work` for all, a few at a time. */
async function inLanes(
  all: readonly string[],
  work: (name: string) => Promise<void>,
): Promise<void> {
  const queue = [...all];
  const lane = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) await work(name);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

function settingsOf(name: string, flags: readonly string[]): SimulationSettings {
  const read = readSimulateFlags(["--scenario", name, "--seed", "1", ...flags]);
  if (typeof read === "string") throw new TypeError(`no settings, but ${read}`);
  return read.settings;
}

/** The bounds that the regression asks for, as flags of the server. */
function flagsOf(name: string): string[] {
  const { resumeGraceMs, maxParticipants, maxBufferedBytes } = REGRESSIONS[name]!.server ?? {};
  const flags = {
    "resume-grace-ms": resumeGraceMs === undefined ? LONG_GRACE_MS : MUTANT_GRACE_MS,
    "max-participants": maxParticipants,
    "max-buffered-bytes": maxBufferedBytes,
  };
  return Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}`, `${value}`]
  );
}

async function run(
  settings: SimulationSettings,
  url: string,
): Promise<{ findings: readonly Finding[]; checks: readonly Check[] }> {
  const { signal } = new AbortController();
  const target = readTarget(url);
  const simulation = new Simulation({ settings, target, clock: systemClock, signal });
  await simulation.execute();
  assert.equal(simulation.unreachable, undefined);
  const checks = listChecks(REGRESSIONS[settings.scenario]!.rules, simulation.run);
  return { findings: simulation.run.findings.kept, checks };
}
