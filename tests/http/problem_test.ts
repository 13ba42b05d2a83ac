/** Failures as problem documents. */
import assert from "node:assert/strict";
import { problem, problemOf } from "../../src/http/problem.ts";
import { ERROR_CODES, type ErrorCode, ProtocolError } from "../../src/protocol/mod.ts";

Deno.test("problem is a document of RFC 9457 with the code beside", async () => {
  const response = problem(418, {
    code: "teapot",
    detail: "Cannot brew",
    headers: { allow: "GET" },
  });

  assert.equal(response.status, 418);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(response.headers.get("allow"), "GET");
  assert.deepEqual(await response.json(), {
    status: 418,
    title: "teapot",
    code: "teapot",
    detail: "Cannot brew",
  });
});

Deno.test("problemOf gives each code a status, and says when to try again where it can help", () => {
  const statusOf = (code: ErrorCode) => problemOf(new ProtocolError(code, "x"))!;

  assert.equal(statusOf("room-not-found").status, 404);
  assert.equal(statusOf("bad-token").headers.get("www-authenticate"), "Bearer");
  assert.equal(statusOf("too-many-rooms").headers.get("retry-after"), "5");
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    assert.ok(statusOf(code).status >= 400, code);
  }
});

Deno.test("problemOf leaves other errors to who logs them", () => {
  assert.equal(problemOf(new TypeError("x")), undefined);
  assert.equal(problemOf("x"), undefined);
});
