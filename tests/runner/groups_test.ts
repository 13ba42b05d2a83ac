/** Every test is in one group, and those with a browser are in theirs. */
import assert from "node:assert/strict";
import { importsOf, readSources, type Source } from "../architecture/source.ts";
import { ALL_TESTS, BROWSER_TESTS, JUDGING_TESTS, testGroups } from "./groups.ts";

/** What starts browsers. */
const BROWSERS = [
  "tests/support/browser_peer.ts",
  "tests/support/browser_tabs.ts",
  "tests/support/chromium.ts",
  "tests/support/plain_chromium.ts",
];

const sources = await readSources();

Deno.test("testGroups leave nothing out, and have nothing twice", () => {
  const [rest, browsers, judging] = testGroups(2);

  assert.deepEqual([rest!.files, rest!.except], [ALL_TESTS, BROWSER_TESTS]);
  assert.deepEqual(judging!.files, JUDGING_TESTS);
  const all = [...browsers!.files, ...judging!.files].sort();
  const expected = sources.filter(startsBrowser).map(({ path }) => path);
  assert.deepEqual(all.filter((path) => expected.includes(path)), expected.sort());
  assert.equal(new Set(all).size, all.length);
});

Deno.test("testGroups run more files at once than there are cores, but those with a browser", () => {
  const [rest, browsers, judging] = testGroups(3);

  assert.ok(rest!.jobs > 3);
  assert.equal(browsers!.jobs, 3);
  assert.equal(judging!.jobs, 1);
});

Deno.test("every test with a browser is in the group for them, and every entry of it is one", () => {
  const withBrowser = sources.filter(startsBrowser).map(({ path }) => path);
  const isIn = (path: string, entry: string) => `${path}/`.startsWith(`${entry}/`);

  assert.deepEqual(
    withBrowser.filter((path) => !BROWSER_TESTS.some((entry) => isIn(path, entry))),
    [],
  );
  assert.deepEqual(
    BROWSER_TESTS.filter((entry) => !withBrowser.some((path) => isIn(path, entry))),
    [],
  );
});

function startsBrowser(source: Source): boolean {
  return source.path.endsWith("_test.ts") &&
    importsOf(source).some(({ target, isType }) =>
      !isType && target !== undefined && BROWSERS.includes(target)
    );
}
