/** The list of checks against the protocol: every rule has one, and none is made up. */
import assert from "node:assert/strict";
import { sections } from "../../../cli/conformance/checks/all.ts";
import { rulesIn } from "../../architecture/protocol_rules.ts";
import { readText } from "../../architecture/source.ts";

/** Rules that only a client with media can put to the test; those of rooms, signaling and media do. */
const WITHOUT_CHECK = [
  ...["PB6", "SB2", "SB7", "SP1"],
  ...["DC1", "DC2", "DC3", "DC4", "DC5", "DC6", "DC7"],
];

const rules = rulesIn(await readText("src/protocol/PROTOCOL.md"));
const checks = sections.flatMap((section) => section.checks);

Deno.test("every rule of PROTOCOL.md has a check", () => {
  const checked = new Set(checks.map(({ id }) => id));

  assert.ok(rules.length > 100, `${rules.length} rules`);
  assert.deepEqual(rules.filter((rule) => !checked.has(rule)), WITHOUT_CHECK);
});

Deno.test("every check is of a rule of PROTOCOL.md, and each rule has one", () => {
  const ids = checks.map(({ id }) => id);

  assert.deepEqual(ids.filter((id) => !rules.includes(id)), []);
  assert.deepEqual(ids.filter((id, n) => ids.indexOf(id) !== n), []);
});

Deno.test("every check says what it promises and how it goes about it", () => {
  const silent = checks.filter(({ title, does }) => title.length < 10 || does.length < 10);

  assert.deepEqual(silent.map(({ id }) => id), []);
});
