/** The README's threat model names rules, flags and files that exist. */
import assert from "node:assert/strict";
import { settings } from "../../src/settings.ts";

const root = new URL("../../", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", root));
const section = readme.split("\n## Security\n")[1]!.split("\n## ")[0]!;

Deno.test("README's threat model has a row for each threat, with what holds and what does not", () => {
  const rows = section.split("\n").filter((line) => line.startsWith("| ")).slice(2);

  assert.ok(rows.length >= 15);
  for (const row of rows) {
    const [, threat, , rest] = row.split("|").map((cell) => cell.trim());
    assert.ok(threat !== "" && rest !== undefined, row);
  }
});

Deno.test("README's threat model names rules of PROTOCOL.md", async () => {
  const protocol = await Deno.readTextFile(new URL("src/protocol/PROTOCOL.md", root));
  const named = [...section.matchAll(/\b[A-Z]{2}\d+\b/g)].map(([rule]) => rule);

  assert.ok(named.length > 15);
  assert.deepEqual(named.filter((rule) => !protocol.includes(`**${rule}**`)), []);
});

Deno.test("README's threat model names flags of the server", () => {
  const named = [...section.matchAll(/`--([a-z-]+)/g)].map(([, name]) => name!)
    .filter((name) => !name.startsWith("allow-"));

  assert.deepEqual(named.filter((name) => !(name in settings)), []);
});
