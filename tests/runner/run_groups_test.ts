/** Groups of small tests of a folder of their own, run as `deno task test` runs ours. */
import assert from "node:assert/strict";
import type { TestGroup } from "./groups.ts";
import { runGroups } from "./run_groups.ts";

const GOOD = 'Deno.test("a good one", () => {});\nDeno.test("another", () => {});\n';
const BAD = 'Deno.test("a bad one", () => { throw new Error("no"); });\n';
const BROKEN = 'import "./nowhere.ts";\n';

Deno.test("runGroups ends with 0 and the sum of all groups", () =>
  inFolder({ "a_test.ts": GOOD, "b/c_test.ts": GOOD }, async (run) => {
    const { code, lines } = await run([group("first", ["*_test.ts"]), group("second", ["b"])]);

    assert.equal(code, 0);
    assert.match(lines.at(-1)!, /^ok \| 4 passed \| 0 failed \(0m\ds\)$/);
    assert.equal(lines.filter((line) => /^(ok|FAILED) \|/.test(line)).length, 1);
    assert.ok(lines.some((line) => line.startsWith("first: ok | 2 passed | 0 failed")));
  }));

Deno.test("runGroups leaves out what a group excepts, and passes arguments on", () =>
  inFolder({ "a_test.ts": GOOD, "b/c_test.ts": GOOD }, async (run) => {
    const all = { ...group("first", ["**/*_test.ts"]), except: ["b"] };

    const { code, lines } = await run([all], { args: ["--filter=good"] });

    assert.equal(code, 0);
    assert.match(lines.at(-1)!, /^ok \| 1 passed \| 0 failed/);
  }));

Deno.test("runGroups ends with 1 where a test fails, and names it in the end", () =>
  inFolder({ "a_test.ts": BAD, "b_test.ts": GOOD }, async (run) => {
    const { code, lines } = await run([
      group("first", ["a_test.ts"]),
      group("next", ["b_test.ts"]),
    ]);

    assert.equal(code, 1);
    assert.match(lines.at(-1)!, /^FAILED \| 2 passed \| 1 failed/);
    assert.deepEqual(lines.slice(-6, -1), [
      ...[" FAILURES ", "", "a bad one => ./a_test.ts:1:6", "    Error: no", ""],
    ]);
  }));

Deno.test("runGroups counts a group that does not run as one failure, and goes on", () =>
  inFolder({ "a_test.ts": BROKEN, "b_test.ts": GOOD }, async (run) => {
    const { code, lines } = await run([
      group("first", ["a_test.ts"]),
      group("next", ["b_test.ts"]),
    ]);

    assert.equal(code, 1);
    assert.match(lines.at(-1)!, /^FAILED \| 2 passed \| 1 failed/);
    assert.equal(lines.at(-3), "the tests first did not run to their end");
  }));

Deno.test("runGroups writes one report of all groups", () =>
  inFolder({ "a_test.ts": GOOD, "b_test.ts": BAD }, async (run, folder) => {
    const junitPath = `${folder}/report.xml`;

    await run([group("first", ["a_test.ts"]), group("next", ["b_test.ts"])], { junitPath });

    const report = await Deno.readTextFile(junitPath);
    assert.match(report, /<testsuites name="deno test" tests="3" failures="1" errors="0"/);
    assert.deepEqual(report.match(/<testsuite name="[^"]*"/g), [
      '<testsuite name="./a_test.ts"',
      '<testsuite name="./b_test.ts"',
    ]);
  }));

function group(name: string, files: readonly string[]): TestGroup {
  return { name, files, except: [], jobs: 2 };
}

type Run = (
  groups: readonly TestGroup[],
  options?: { readonly args?: readonly string[]; readonly junitPath?: string },
) => Promise<{ code: number; lines: string[] }>;

/** Lets `test` run groups in a folder with these files. */
async function inFolder(
  files: Record<string, string>,
  test: (run: Run, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, text);
    }
    await test(async (groups, options) => {
      const lines: string[] = [];
      const print = (line: string) => void lines.push(line);
      const folderUrl = new URL(`file://${folder}/`);
      const code = await runGroups(groups, { folder: folderUrl, print, ...options });
      return { code, lines };
    }, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
