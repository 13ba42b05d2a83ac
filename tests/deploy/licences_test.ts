/** The README's list of packages is what runs, and each has a licence that may be passed on. */
import assert from "node:assert/strict";
import { closure, licenceTable, type Lock, runtimePackages } from "../support/licences.ts";

/**
 * Licences that ask for no more than their notice; and the Mozilla licence, as the media engine spells
 * it, which asks for the source of its own files where they are changed, and they are not.
 */
const ALLOWED = new Set([
  ...["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"],
  ...["MPL 2.0", "MPL-2.0"],
]);

const packages = await runtimePackages();

Deno.test("packages that run have licences that may be passed on", () => {
  assert.ok(packages.length > 10, "the graph was read");
  assert.deepEqual(packages.filter(({ licence }) => !ALLOWED.has(licence)), []);
});

Deno.test("README lists every package that runs, with version and licence", async () => {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const [, section] = readme.split("## Dependencies and licences\n");
  const listed = section!.split(/^## /m)[0]!.split("\n")
    .filter((line) => line.startsWith("| `")).map(cells);
  const expected = licenceTable(packages).split("\n").slice(2).map(cells);

  assert.deepEqual(listed, expected, "deno run -A tests/support/licences.ts prints the table");
});

Deno.test("closure follows dependencies, and tells versions of one name apart", () => {
  const lock: Lock = {
    specifiers: { "npm:a@1.0.0": "1.0.0_peer@1.0.0", "npm:test@1.0.0": "1.0.0" },
    npm: {
      "a@1.0.0_peer@1.0.0": { dependencies: ["@x/b@2.0.0", "peer"] },
      "@x/b@1.0.0": {},
      "@x/b@2.0.0": { optionalDependencies: ["c", "@x/b-linux"] },
      "@x/b-linux@2.0.0": { os: ["linux"] },
      "c@1.0.0": { dependencies: ["peer"] },
      "peer@1.0.0": {},
      "test@1.0.0": {},
    },
  };

  assert.deepEqual(
    [...closure(lock, ["npm:a@1.0.0"])].sort(),
    ["@x/b@2.0.0", "a@1.0.0_peer@1.0.0", "c@1.0.0", "peer@1.0.0"],
  );
  assert.throws(() => closure(lock, ["npm:none@1.0.0"]), /Cannot find npm:none@1\.0\.0/);
});

function cells(row: string): string[] {
  return row.split("|").map((cell) => cell.trim());
}
