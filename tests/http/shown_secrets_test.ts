/** Where a request may show a passcode and a host key. */
import assert from "node:assert/strict";
import { hostKeyOf, passcodeOf } from "../../src/http/shown_secrets.ts";
import { hasCode } from "../support/room_fixture.ts";

const READERS = [
  { read: passcodeOf, parameter: "passcode", header: "room-passcode" },
  { read: hostKeyOf, parameter: "hostKey", header: "room-host-key" },
];

for (const { read, parameter, header } of READERS) {
  const request = (query: string, shown?: string) =>
    new Request(`http://localhost/x${query}`, {
      headers: shown === undefined ? {} : { [header]: shown },
    });

  Deno.test(`${read.name} reads the header, percent-encoded, and else the query`, () => {
    const cases: [string, string | undefined, string | undefined][] = [
      ["", undefined, undefined],
      [`?${parameter}=a%20b%26`, undefined, "a b&"],
      [`?${parameter}=query`, "header", "header"],
      ["", "%E5%AF%86%E7%A0%81", "密码"],
      [`?${parameter}=`, undefined, ""],
    ];

    for (const [query, shown, expected] of cases) {
      assert.equal(read(request(query, shown)), expected, `${query} ${shown}`);
    }
  });

  Deno.test(`${read.name} refuses a header that is not percent-encoded`, () => {
    assert.throws(() => read(request("", "100%")), hasCode("bad-message"));
  });
}
