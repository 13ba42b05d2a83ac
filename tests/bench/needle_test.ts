/**
 * The bench's search in received bytes: what the counts of a run rest on.
 */
import assert from "node:assert/strict";
import { Needle } from "./needle.ts";

const encoder = new TextEncoder();

Deno.test("Needle.find agrees with indexOf wherever the needle stands", () => {
  const needle = new Needle("abab");
  for (const text of ["", "aba", "abab", "xabab", "aabab", "abaabab", "abacabad", "ababab"]) {
    const bytes = encoder.encode(text);

    const found = needle.find(bytes, 0, bytes.length);

    assert.equal(found, text.indexOf("abab"), text);
  }
});

Deno.test("Needle.find looks no further than the end", () => {
  const bytes = encoder.encode("..left");

  const found = new Needle("left").find(bytes, 0, 5);

  assert.equal(found, -1);
});

Deno.test("Needle.count counts what does not overlap", () => {
  const bytes = encoder.encode('["joined","user-joined","joinedAt"]');

  const found = new Needle('joined"').count(bytes, 0, bytes.length);

  assert.equal(found, 2);
});
