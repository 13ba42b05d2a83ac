/** JUnit XML: well formed whatever the findings say, one testcase a check. */
import assert from "node:assert/strict";
import { junitOf } from "../../../cli/report/junit.ts";
import { verifiedReport, wrongReport } from "../../support/simulation_reports.ts";

Deno.test("junitOf has one testcase a check, and counts them", () => {
  const xml = junitOf(verifiedReport);

  assert.deepEqual(elementsOf(xml).filter((name) => name === "testcase").length, 2);
  assert.match(xml, /<testsuites name="signalbox" tests="2" failures="0" errors="0" skipped="1"/);
  assert.match(xml, /name="\[JO3\] each user-joined once" assertions="10"/);
  assert.match(xml, /<skipped message="not checked"\/>/);
  assert.match(xml, /timestamp="2026-01-01T00:00:00"/);
});

Deno.test("junitOf is well formed around hostile text", () => {
  const xml = junitOf(wrongReport);

  assert.ok(elementsOf(xml).includes("failure"));
  assert.doesNotMatch(xml, /<script|[^\n\P{Cc}]|\p{Cs}/u);
  assert.match(xml, /failures="1"/);
});

Deno.test("junitOf makes a run without an end an error", () => {
  const xml = junitOf({ ...verifiedReport, verdict: "unreachable", notes: ["refused"] });

  assert.match(xml, /errors="1"/);
  assert.match(xml, /<error message="unreachable">refused<\/error>/);
  elementsOf(xml);
});

/** The names of all elements; throws where a tag is not closed or an entity is none of XML's. */
function elementsOf(xml: string): string[] {
  assert.ok(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n'));
  const body = xml.slice(xml.indexOf("?>") + 2);
  const open: string[] = [];
  const names: string[] = [];
  const token = /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  for (let end = 0; end < body.length; end = token.lastIndex) {
    const match = token.exec(body);
    assert.ok(match !== null, `no XML at ${JSON.stringify(body.slice(end, end + 80))}`);
    const [whole, closing, name, , empty] = match;
    assert.doesNotMatch(whole, /&(?!(amp|lt|gt|quot|#10);)/);
    if (name === undefined) continue;
    if (closing === "/") assert.equal(open.pop(), name);
    else {
      names.push(name);
      if (empty === "") open.push(name);
    }
  }
  assert.deepEqual(open, []);
  return names;
}
