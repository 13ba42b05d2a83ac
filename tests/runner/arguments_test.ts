/** What counts as a file, what as a flag. */
import assert from "node:assert/strict";
import { readArguments } from "./arguments.ts";

for (
  const [args, expected] of [
    [[], { namesFiles: false, junitPath: undefined, others: [] }],
    [["tests/rooms"], { namesFiles: true, others: ["tests/rooms"] }],
    [["tests/*/a_test.ts"], { namesFiles: true, others: ["tests/*/a_test.ts"] }],
    [["--filter", "resume"], { namesFiles: false, others: ["--filter", "resume"] }],
    [["--filter=resume"], { namesFiles: false, others: ["--filter=resume"] }],
    [["--junit-path", "a.xml", "-q"], { namesFiles: false, junitPath: "a.xml", others: ["-q"] }],
    [["--junit-path=a.xml"], { namesFiles: false, junitPath: "a.xml", others: [] }],
    [["--junit-path", "tests/rooms"], { namesFiles: false, junitPath: "tests/rooms", others: [] }],
  ] as const
) {
  Deno.test(`readArguments of ${JSON.stringify(args)}`, async () => {
    const asked = await readArguments(args, (path) => Promise.resolve(path === "tests/rooms"));

    assert.deepEqual(asked, { junitPath: undefined, ...expected });
  });
}
