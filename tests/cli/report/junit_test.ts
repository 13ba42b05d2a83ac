/** JUnit XML: within the common schemas whatever the findings say, one testcase a check. */
import assert from "node:assert/strict";
import { junitOf } from "../../../cli/report/junit.ts";
import { slowReport, verifiedReport, wrongReport } from "../../support/simulation_reports.ts";

/** An element: its name, attributes and children. */
type Element = { name: string; attributes: Record<string, string>; children: Element[] };
/** What the schemas of Jenkins (junit-10.xsd) and Ant (JUnit.xsd) have in common for an element. */
type Rule = { demands: readonly string[]; allows?: readonly string[]; children?: RegExp };

const RULES: Readonly<Record<string, Rule>> = {
  testsuites: {
    demands: ["name", "tests", "failures", "errors", "time"],
    children: /^(testsuite )+$/,
  },
  testsuite: {
    demands: ["name", "tests", "failures", "errors", "time", "timestamp", "hostname"],
    allows: ["skipped"],
    children: /^properties (testcase )*system-out system-err $/,
  },
  properties: { demands: [], children: /^(property )*$/ },
  property: { demands: ["name", "value"] },
  testcase: {
    demands: ["name", "classname", "time"],
    allows: ["assertions"],
    children: /^((skipped|failure|error) )?$/,
  },
  skipped: { demands: ["message"] },
  failure: { demands: ["type", "message"] },
  error: { demands: ["type", "message"] },
  "system-out": { demands: [] },
  "system-err": { demands: [] },
};
/** Attributes by what they may hold. */
const VALUES: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(
    ["tests", "failures", "errors", "skipped", "assertions"].map((name) => [name, /^\d+$/]),
  ),
  time: /^\d+(\.\d+)?$/,
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
  hostname: /./,
  name: /./,
};

for (
  const [what, report] of [
    ["a verified run", verifiedReport],
    ["a wrong run with hostile text", wrongReport],
    ["a run with objectives", slowReport],
    ["an unreachable server", { ...verifiedReport, verdict: "unreachable", notes: ["refused"] }],
  ] as const
) {
  Deno.test(`junitOf keeps to the common schemas for ${what}`, () => {
    const root = parse(junitOf(report));

    assert.equal(root.name, "testsuites");
    assert.deepEqual(faultsOf(root), []);
    const [suite] = root.children;
    const cases = suite!.children.filter(({ name }) => name === "testcase");
    const count = (name: string) =>
      cases.filter(({ children }) => children.some((child) => child.name === name)).length;
    const { tests, failures, errors, skipped } = suite!.attributes;
    assert.deepEqual(
      [tests, failures, errors, skipped].map(Number),
      [cases.length, count("failure"), count("error"), count("skipped")],
    );
  });
}

Deno.test("junitOf has one testcase a check, and counts them", () => {
  const xml = junitOf(verifiedReport);

  assert.match(
    xml,
    /<testsuites name="signalbox" tests="2" failures="0" errors="0" time="0\.968">/,
  );
  assert.match(xml, /name="\[JO3\] each user-joined once" assertions="10"/);
  assert.match(xml, /<skipped message="not checked"\/>/);
  assert.match(xml, /skipped="1" timestamp="2026-01-01T00:00:00"/);
});

Deno.test("junitOf has settings as properties, and the command that repeats the run", () => {
  const xml = junitOf(verifiedReport);

  assert.match(xml, /<property name="users" value="5"\/>/);
  assert.match(xml, /<property name="seed" value="7"\/>/);
  assert.doesNotMatch(xml, /"undefined"|name="rate"/);
  assert.match(xml, /<system-out>deno task simulate --users 5 --room test --seed 7<\/system-out>/);
});

Deno.test("junitOf has one testcase an objective, which fails when it is missed", () => {
  const xml = junitOf(slowReport);

  assert.match(xml, /<testcase classname="simulate\.slo" name="join\.p95&lt;5ms" time="0"\/>/);
  assert.match(xml, /<failure type="slo" message="measured 9\.00 ms"\/>/);
  assert.match(xml, /tests="4" failures="1"/);
});

Deno.test("junitOf is well formed around hostile text", () => {
  const xml = junitOf(wrongReport);

  assert.doesNotMatch(xml, /<script|[^\n\P{Cc}]|\p{Cs}/u);
  assert.match(xml, /failures="1"/);
});

Deno.test("junitOf makes a run without an end an error", () => {
  const xml = junitOf({ ...verifiedReport, verdict: "unreachable", notes: ["refused"] });

  assert.match(xml, /errors="1"/);
  assert.match(xml, /<error type="unreachable" message="unreachable">refused<\/error>/);
});

Deno.test("the rules of this test find what the schemas refuse", () => {
  const suites = '<testsuites name="x" tests="one" failures="0" errors="0" time="0" extra="1"/>';

  assert.deepEqual(faultsOf(parse(`<?xml version="1.0" encoding="UTF-8"?>\n${suites}`)), [
    "testsuites has extra",
    'testsuites has tests="one"',
    "testsuites holds: ",
  ]);
});

function faultsOf({ name, attributes, children }: Element): string[] {
  const rule = RULES[name];
  if (rule === undefined) return [`no element is called ${name}`];
  const { demands, allows = [], children: expected = /^$/ } = rule;
  const held = children.map((child) => `${child.name} `).join("");
  return [
    ...demands.filter((key) => attributes[key] === undefined).map((key) => `${name} lacks ${key}`),
    ...Object.keys(attributes).filter((key) => ![...demands, ...allows].includes(key))
      .map((key) => `${name} has ${key}`),
    ...Object.entries(attributes).filter(([key, value]) => VALUES[key]?.test(value) === false)
      .map(([key, value]) => `${name} has ${key}="${value}"`),
    ...expected.test(held) ? [] : [`${name} holds: ${held}`],
    ...children.flatMap(faultsOf),
  ];
}

/** The root element; throws where a tag is not closed or an entity is none of XML's. */
function parse(xml: string): Element {
  assert.ok(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n'));
  const body = xml.slice(xml.indexOf("?>") + 2);
  const top: Element = { name: "", attributes: {}, children: [] };
  const open = [top];
  const token = /<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  for (let end = 0; end < body.length; end = token.lastIndex) {
    const match = token.exec(body);
    assert.ok(match !== null, `no XML at ${JSON.stringify(body.slice(end, end + 80))}`);
    const [whole, closing, name, attributes = "", empty] = match;
    assert.doesNotMatch(whole, /&(?!(amp|lt|gt|quot|#10);)/);
    if (name === undefined) continue;
    if (closing === "/") {
      assert.equal(open.pop()?.name, name);
      continue;
    }
    const pairs = [...attributes.matchAll(/([a-z]+)="([^"]*)"/g)];
    const element: Element = {
      name,
      attributes: Object.fromEntries(pairs.map(([, key, value]) => [key, value])),
      children: [],
    };
    open.at(-1)!.children.push(element);
    if (empty === "") open.push(element);
  }
  assert.equal(open.length, 1);
  assert.equal(top.children.length, 1);
  return top.children[0]!;
}
