/** Addresses and codes of live rooms, as people write them. */
import assert from "node:assert/strict";
import {
  codeDigitsIn,
  liveAddressOf,
  livePath,
  spacedCode,
} from "../../../../static/state/live/live_address.ts";

const addresses: [path: string, expected: unknown][] = [
  ["/live", { kind: "door" }],
  ["/live/482913", { kind: "room", roomId: "482913" }],
  ["/live/012345", { kind: "room", roomId: "012345" }],
  ["/live/48291", undefined],
  ["/live/4829130", undefined],
  ["/live/abcdef", undefined],
  ["/live/482913/more", undefined],
  ["/lively", undefined],
  ["/meet/482913", undefined],
];

for (const [path, expected] of addresses) {
  Deno.test(`liveAddressOf ${path}`, () => {
    assert.deepEqual(liveAddressOf(path), expected);
  });
}

Deno.test("livePath leads to the room that it was made of", () => {
  assert.deepEqual(liveAddressOf(livePath("482913")), { kind: "room", roomId: "482913" });
});

const codes: [typed: string, digits: string][] = [
  ["482913", "482913"],
  ["482 913", "482913"],
  [" 482-913 ", "482913"],
  ["4 8 2 9 1 3", "482913"],
  ["48", "48"],
  ["4829134", "482913"],
  ["code: 482913!", "482913"],
  ["https://example.org:8443/live/482913?path=sfu", "482913"],
  ["http://127.0.0.1:4000/live/012345", "012345"],
  ["４８２９１３", "482913"],
  ["abc", ""],
  ["", ""],
];

for (const [typed, digits] of codes) {
  Deno.test(`codeDigitsIn "${typed}"`, () => {
    assert.equal(codeDigitsIn(typed), digits);
  });
}

Deno.test("spacedCode parts six digits in the middle, and leaves everything else as it is", () => {
  assert.deepEqual(["482913", "test", ""].map(spacedCode), ["482 913", "test", ""]);
});
