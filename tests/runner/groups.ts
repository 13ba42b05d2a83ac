/**
 * Which tests run beside which: groups that `main.ts` runs one after the other. What a group does not
 * name is in the first one, so no test file can be forgotten.
 */

/** Test files that may run at the same time. */
export type TestGroup = {
  /** What they have in common, for people. */
  readonly name: string;
  /** Files and patterns, as `deno test` takes them. */
  readonly files: readonly string[];
  /** What of these another group has. */
  readonly except: readonly string[];
  /** How many files at once. */
  readonly jobs: number;
};

/** Every test, and the examples in the doc comments of the interface files. */
export const ALL_TESTS: readonly string[] = ["tests/**/*_test.ts", "src/*/mod.ts", "cli/*/mod.ts"];

/** Files with a browser. */
export const BROWSER_TESTS: readonly string[] = [
  "tests/cli/report/html_browser_test.ts",
  "tests/deploy/proxied_page_test.ts",
  "tests/e2e",
  "tests/media/child/native_chromium_test.ts",
  "tests/media/child/relayed_chromium_test.ts",
  "tests/media/sdp/chromium_test.ts",
];

/**
 * Of these, the ones that judge how long a picture stands still or how many come in a second: what else
 * the machine does would be judged with them.
 */
export const JUDGING_TESTS: readonly string[] = [
  "tests/e2e/live_firewall_test.ts",
  "tests/e2e/meet_sfu_test.ts",
  "tests/e2e/server_recording_test.ts",
  "tests/e2e/sfu_faults_test.ts",
  "tests/e2e/sfu_test.ts",
  "tests/e2e/streams_meeting_test.ts",
];

/** The groups, for a machine with so many cores. */
export function testGroups(cores: number): TestGroup[] {
  const browsers = BROWSER_TESTS.flatMap((entry) =>
    entry.endsWith(".ts") ? [entry] : filesIn(entry)
  );
  const others = browsers.filter((path) => !JUDGING_TESTS.includes(path));
  return [
    // They wait for servers, timers and each other's sockets more than they compute.
    { name: "without a browser", files: ALL_TESTS, except: BROWSER_TESTS, jobs: 2 * cores },
    // A call encodes and decodes in software: one file keeps a core busy.
    { name: "with a browser", files: others, except: [], jobs: cores },
    { name: "with a browser, one by one", files: JUDGING_TESTS, except: [], jobs: 1 },
  ];
}

/** The test files of a folder. A file that is left out of a folder would be run all the same. */
function filesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(new URL(`../../${folder}`, import.meta.url)))
    .map(({ name }) => `${folder}/${name}`)
    .filter((path) => path.endsWith("_test.ts"))
    .sort();
}
