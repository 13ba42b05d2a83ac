/** Every rule of the protocol has a test that names it, and every rule a test names exists. */
import assert from "node:assert/strict";
import { rulesIn } from "./protocol_rules.ts";
import { readSources, readText, type Source } from "./source.ts";

const rules = rulesIn(await readText("src/protocol/PROTOCOL.md"));
const tests = (await readSources()).filter(({ path }) =>
  path.startsWith("tests/") && !path.startsWith("tests/architecture/")
);

Deno.test("every rule of PROTOCOL.md stands in the title of a test", () => {
  const named = new Set(tests.flatMap(namedIn).map(({ rule }) => rule));

  assert.deepEqual(rules.filter((rule) => !named.has(rule)), []);
});

Deno.test("every rule in the title of a test stands in PROTOCOL.md", () => {
  const unknown = tests.flatMap(namedIn).filter(({ rule }) => !rules.includes(rule));

  assert.deepEqual(unknown.map(({ place }) => place), []);
});

Deno.test("PROTOCOL.md has each rule once", () => {
  assert.ok(rules.length > 50, `${rules.length} rules`);
  assert.deepEqual(rules.filter((rule, index) => rules.indexOf(rule) !== index), []);
});

Deno.test("rulesIn finds the rules of a page, not what only mentions them", () => {
  const page = "- **ME1** A message\n  (see ME9)\n- **XY12** Another\n| ME7 |\n**bold** ME8\n";

  assert.deepEqual(rulesIn(page), ["ME1", "XY12"]);
});

Deno.test("namedIn finds the rules at the beginning of a title, with their place", () => {
  const text = [
    'Deno.test("[ME1] decode refuses", () => {});',
    "Deno.test(`[CO5, CO6] ${name} packs`, () => {});",
    'Deno.test("[RL1] [OR3] Room.relay passes", () => {});',
    'Deno.test("decode knows [ME3]", () => {});',
    "// [ME4]",
    "const list = [ME5];",
  ].join("\n");

  assert.deepEqual(namedIn({ path: "tests/a_test.ts", text }), [
    { rule: "ME1", place: "tests/a_test.ts:1: ME1" },
    { rule: "CO5", place: "tests/a_test.ts:2: CO5" },
    { rule: "CO6", place: "tests/a_test.ts:2: CO6" },
    { rule: "RL1", place: "tests/a_test.ts:3: RL1" },
    { rule: "OR3", place: "tests/a_test.ts:3: OR3" },
  ]);
});

function namedIn({ path, text }: Source): { rule: string; place: string }[] {
  return text.split("\n").flatMap((line, index) =>
    [...line.matchAll(/["`]((?:\[[A-Z]{2}\d+(?:, [A-Z]{2}\d+)*\] ?)+)/g)]
      .flatMap((match) => match[1]!.match(/[A-Z]{2}\d+/g)!)
      .map((rule) => ({ rule, place: `${path}:${index + 1}: ${rule}` }))
  );
}
