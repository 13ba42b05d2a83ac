/** Patterns: what fits, what does not, and that letters of expressions are letters. */
import assert from "node:assert/strict";
import { fitsGlob } from "../../../cli/faults/glob.ts";

const cases: readonly [pattern: string, fits: string[], not: string[]][] = [
  ["chat", ["chat"], ["chats", "achat", "Chat", ""]],
  ["user-*", ["user-joined", "user-", "user-1-2"], ["user", "a user-1"]],
  ["*", ["", "anything", "two\nlines"], []],
  ["user-?", ["user-1", "user-é", "user-🙃"], ["user-", "user-12"]],
  ["a.b", ["a.b"], ["axb"]],
  ["(text)", ["(text)"], ["text"]],
  ["[a-c]+", ["[a-c]+"], ["a", "b"]],
  ["李*", ["李雷"], ["韩梅梅"]],
];

for (const [pattern, fits, not] of cases) {
  Deno.test(`fitsGlob takes "${pattern}" as it is meant`, () => {
    assert.deepEqual(fits.filter((text) => !fitsGlob(pattern, text)), []);
    assert.deepEqual(not.filter((text) => fitsGlob(pattern, text)), []);
  });
}
