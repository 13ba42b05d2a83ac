/** Where a request's access token stands. */
import assert from "node:assert/strict";
import { bearerOf } from "../../src/http/bearer.ts";

function tokenOf(query: string, authorization?: string): string | undefined {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  return bearerOf(new Request(`http://localhost/whip/test${query}`, { headers }));
}

Deno.test("bearerOf takes the token of the header, or else of the query", () => {
  assert.equal(tokenOf("", "Bearer a.b.c"), "a.b.c");
  assert.equal(tokenOf("", "bearer  a.b.c"), "a.b.c");
  assert.equal(tokenOf("?access_token=d.e.f"), "d.e.f");
  assert.equal(tokenOf("?access_token=d.e.f", "Bearer a.b.c"), "a.b.c");
  assert.equal(tokenOf(""), undefined);
});

Deno.test("bearerOf finds none in a header of another scheme, whatever the query says", () => {
  for (const header of ["Basic YTpi", "Bearer", "Bearer a b", "a.b.c"]) {
    assert.equal(tokenOf("?access_token=d.e.f", header), undefined, header);
  }
});
