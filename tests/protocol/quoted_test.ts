/** A client's text in a sentence: one line, no tricks, never long. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { quoted } from "../../src/protocol/mod.ts";

Deno.test("quoted leaves plain text of any script as it is, in quotes", () => {
  for (const text of ["", "room 1", "语", "חדר", "😀", "é", "'", "x".repeat(80)]) {
    assert.equal(quoted(text), `"${text}"`);
  }
});

Deno.test("quoted escapes what could end the quote, the line or the direction", () => {
  const cases = [
    ['say "x"', '"say \\"x\\""'],
    ["a\\b", '"a\\\\b"'],
    ["a\nb\0", '"a\\nb\\u0000"'],
    ["\x7F\x9B", '"\\u{7f}\\u{9b}"'],
    ["\u202Etset", '"\\u{202e}tset"'],
    ["a\u2028b", '"a\\u{2028}b"'],
    ["\u{E0041}", '"\\u{e0041}"'],
    ["\uD800", '"\\ud800"'],
  ] as const;

  for (const [text, expected] of cases) assert.equal(quoted(text), expected);
});

Deno.test("quoted cuts what is long, before or after escaping", () => {
  assert.equal(quoted("x".repeat(81)), `"${"x".repeat(80)}…"`);
  assert.equal(quoted("\0".repeat(80)), `"${"\\u0000".repeat(13)}\\u…"`);
});

Deno.test("quoted names the kind of what is no text", () => {
  const kinds = [undefined, null, 1, true, {}, [], 1n].map(quoted);

  const expected = ["(missing)", "(null)", "(number)", "(boolean)", "(object)", "(object)"];
  assert.deepEqual(kinds, [...expected, "(bigint)"]);
});

Deno.test("quoted is short, well formed and printable, whatever the text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200, size: "max" }), (text) => {
    const result = quoted(text);

    assert.ok(result.length <= 83);
    assert.doesNotMatch(result, /[\p{C}\p{Zl}\p{Zp}]/u);
    assert.match(result, /^".*"$/);
  }));
});
