/** Addresses in text become links; nothing else does, and the text stays what it was. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { findLinks, safeAddress } from "../../../static/state/text_links.ts";

const table: [text: string, links: string[]][] = [
  ["see https://example.org/a?b=c#d.", ["https://example.org/a?b=c#d"]],
  ["(http://example.org)", ["http://example.org"]],
  ["https://en.wikipedia.org/wiki/Ring_(Wagner) is long", [
    "https://en.wikipedia.org/wiki/Ring_(Wagner)",
  ]],
  ["看 https://example.org/路径。好", ["https://example.org/路径。好"]],
  ["HTTPS://EXAMPLE.ORG", ["HTTPS://EXAMPLE.ORG"]],
  ["two: http://a.example, http://b.example!", ["http://a.example", "http://b.example"]],
  ["javascript:alert(1)", []],
  ["data:text/html,<script>", []],
  ["https://", []],
  ["https://bank.example@evil.example/", []],
  ["https://user:word@evil.example/", []],
  ['https://example.org/"onclick="x', ["https://example.org/"]],
  ["nothing here", []],
  ["", []],
];

for (const [text, links] of table) {
  Deno.test(`findLinks in ${JSON.stringify(text)}`, () => {
    const parts = findLinks(text);

    assert.deepEqual(parts.filter(({ href }) => href).map((part) => part.text), links);
    assert.equal(parts.map((part) => part.text).join(""), text);
  });
}

Deno.test("findLinks never changes a text, and links to http and https alone", () => {
  const word = fc.oneof(
    fc.string(),
    fc.webUrl(),
    fc.constant("javascript:x"),
    fc.constant("https://"),
  );
  fc.assert(fc.property(fc.array(word), (words) => {
    const text = words.join(" ");
    const parts = findLinks(text);
    assert.equal(parts.map((part) => part.text).join(""), text);
    for (const { href } of parts) assert.match(href ?? "https://", /^https?:\/\//);
  }));
});

Deno.test("safeAddress refuses what hides where it leads", () => {
  assert.equal(safeAddress("https://example.org"), "https://example.org/");
  assert.equal(safeAddress("https://a@example.org"), undefined);
  assert.equal(safeAddress("ftp://example.org"), undefined);
  assert.equal(safeAddress("example.org"), undefined);
});
