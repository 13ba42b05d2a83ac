/** Where a request may show a passcode. */
import assert from "node:assert/strict";
import { passcodeOf } from "../../src/http/shown_passcode.ts";
import { hasCode } from "../support/room_fixture.ts";

const request = (query: string, header?: string) =>
  new Request(`http://localhost/x${query}`, {
    headers: header === undefined ? {} : { "room-passcode": header },
  });

Deno.test("passcodeOf reads the header, percent-encoded, and else the query", () => {
  const cases: [string, string | undefined, string | undefined][] = [
    ["", undefined, undefined],
    ["?passcode=a%20b%26", undefined, "a b&"],
    ["?passcode=query", "header", "header"],
    ["", "%E5%AF%86%E7%A0%81", "密码"],
    ["?passcode=", undefined, ""],
  ];

  for (const [query, header, expected] of cases) {
    assert.equal(passcodeOf(request(query, header)), expected, `${query} ${header}`);
  }
});

Deno.test("passcodeOf refuses a header that is not percent-encoded", () => {
  assert.throws(() => passcodeOf(request("", "100%")), hasCode("bad-message"));
});
