/** The field for six digits. */
import assert from "node:assert/strict";
import { CodeEntry } from "../../../../static/state/live/code_entry.ts";

Deno.test("CodeEntry goes on by itself with the sixth digit, and not before", () => {
  const { entry, completed } = entryWith();

  for (const text of ["4", "48", "482", "4829", "48291"]) entry.input(text);
  const before = [...completed];
  entry.input("482913");

  assert.deepEqual([before, completed], [[], ["482913"]]);
  assert.equal(entry.roomId.value, "482913");
});

Deno.test("CodeEntry takes a code with a space, with a dash, and as a link", () => {
  for (const text of ["482 913", "482-913", "https://example.org/live/482913"]) {
    const { entry, completed } = entryWith();

    entry.input(text);

    assert.deepEqual([entry.digits.value, completed], ["482913", ["482913"]], text);
  }
});

Deno.test("CodeEntry goes on once: what changes nothing is no new code", () => {
  const { entry, completed } = entryWith();

  entry.input("482913");
  entry.input("482 913");
  entry.input("4829137");

  assert.deepEqual(completed, ["482913"]);
});

Deno.test("CodeEntry goes on again where a digit was mended", () => {
  const { entry, completed } = entryWith();

  entry.input("482913");
  entry.input("48291");
  entry.input("482914");

  assert.deepEqual(completed, ["482913", "482914"]);
});

function entryWith() {
  const completed: string[] = [];
  return { entry: new CodeEntry((roomId) => completed.push(roomId)), completed };
}
