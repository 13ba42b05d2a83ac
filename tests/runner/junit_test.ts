/** Reports as `deno test` writes them. */
import assert from "node:assert/strict";
import { joinReports } from "./junit.ts";

const FIRST = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="2" failures="1" errors="0" time="1.500">
    <testsuite name="./a_test.ts" tests="2" disabled="0" errors="0" failures="1">
    </testsuite>
</testsuites>
`;
const SECOND = FIRST.replace('tests="2" failures="1"', 'tests="5" failures="0"')
  .replace("./a_test.ts", "./b_test.ts");

Deno.test("joinReports has the suites of all and adds up the totals", () => {
  const joined = joinReports([FIRST, SECOND]);

  assert.match(
    joined,
    /^<\?xml .*\?>\n<testsuites name="deno test" tests="7" failures="1" errors="0" time="3\.000">\n/,
  );
  assert.deepEqual(joined.match(/<testsuite name="[^"]*"/g), [
    '<testsuite name="./a_test.ts"',
    '<testsuite name="./b_test.ts"',
  ]);
  assert.match(joined, /<\/testsuite>\n<\/testsuites>\n$/);
  assert.equal(joined.match(/<\/testsuites>/g)?.length, 1);
});

Deno.test("joinReports leaves one report as it is", () => {
  assert.equal(joinReports([FIRST]), FIRST);
});

Deno.test("joinReports passes over a run that wrote none", () => {
  assert.equal(joinReports(["", FIRST]), FIRST);
});
