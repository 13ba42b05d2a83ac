/**
 * The proof that the harness finds what is wrong: mutants of our own server, each with one small
 * change of behaviour, and the commands that must catch them.
 */
import assert from "node:assert/strict";
import { catchers } from "../../support/mutants/catchers.ts";
import { SpawnedServer } from "../../support/spawned_server.ts";
import { mutants } from "../../support/mutants/mutants.ts";
import { runCli } from "../../support/run_cli.ts";

/** Where the mutants are served. */
const SERVE = "./mutants/serve.ts";

/** Servers at once: one for each core of a small machine, and one that waits for a grace time. */
const LANES = 3;

Deno.test("every mutant is caught by at least one command, and each by those that can", async () => {
  const rows: { mutant: string; caught: Record<string, string | undefined> }[] = [];
  const queue = Object.keys(mutants);
  const lane = async () => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const caught: Record<string, string | undefined> = {};
      for (const { name, judge, misses } of catchers) {
        // What it need not find would take it the longest.
        if (misses.includes(mutant)) continue;
        await using server = await SpawnedServer.start(SERVE, mutant);
        caught[name] = await judge(server.url, mutants[mutant]!);
      }
      rows.push({ mutant, caught });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));

  const surviving = rows.filter(({ caught }) => Object.values(caught).every((rule) => !rule));
  assert.deepEqual(surviving.map(({ mutant }) => mutant), []);
  for (const { name, misses } of catchers) {
    const missed = rows.filter(({ caught }) => caught[name] === undefined);
    const names = missed.map(({ mutant }) => mutant);
    assert.deepEqual(names.filter((mutant) => !misses.includes(mutant)), [], name);
  }
});

Deno.test("there are mutants enough, each breaks a rule of the protocol", async () => {
  const page = await Deno.readTextFile(
    new URL("../../../src/protocol/PROTOCOL.md", import.meta.url),
  );

  assert.ok(Object.keys(mutants).length >= 18);
  for (const [name, { rule, does }] of Object.entries(mutants)) {
    assert.ok(page.includes(`- **${rule}** `), `${name}: ${rule}`);
    assert.match(does, /^[a-z]/, name);
  }
});

Deno.test("the correct server is not caught, started the same way", async () => {
  await using server = await SpawnedServer.start(SERVE);

  const { code, out } = await runCli("fuzz", ["--url", server.url, "--seed=1"]);
  assert.equal(code, 0, out);

  // Exactly what finds the mutants finds nothing here.
  const rules = [...new Set(Object.values(mutants).map(({ rule }) => rule))];
  const checked = await runCli("conformance", ["--url", server.url, "--only", rules.join(",")]);
  assert.equal(checked.code, 0, checked.out);
});
