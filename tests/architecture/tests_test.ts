/** Tests wait for what they test, never for time to pass. */
import assert from "node:assert/strict";
import { placesOf, readSources, type Source } from "./source.ts";

const SLEEP =
  /\bsetTimeout\(|\bsetInterval\(|\bdelay\(|\bsleep\(|\bwaitForTimeout\(|"node:timers\/promises"/;

Deno.test("tests do not sleep", async () => {
  assert.deepEqual(sleeps(await readSources()), []);
});

Deno.test("a test that sleeps is named with the line", () => {
  const text = "const done = true;\nawait new Promise((resolve) => setTimeout(resolve, 5));";

  assert.deepEqual(
    sleeps([
      { path: "tests/rooms/room_test.ts", text },
      { path: "tests/e2e/page_test.ts", text: "await page.waitForTimeout(100);" },
      { path: "tests/support/wait_until.ts", text },
      { path: "tests/bench/rooms_bench.ts", text },
    ]),
    [
      "tests/rooms/room_test.ts:2: setTimeout(",
      "tests/e2e/page_test.ts:1: waitForTimeout(",
    ],
  );
});

/** The waits that watch a clock live in tests/support; benchmarks are no tests. */
function sleeps(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => /^tests\/(?!support\/|bench\/|architecture\/)/.test(path))
    .flatMap((source) => placesOf(source, SLEEP));
}
