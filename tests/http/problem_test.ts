/** Failures as problem documents. */
import assert from "node:assert/strict";
import { HttpError, problem, problemOf } from "../../src/http/problem.ts";
import { MediaError, type MediaErrorCode } from "../../src/media/port.ts";
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

Deno.test("problemOf answers what HTTP alone knows as it says", async () => {
  const headers = { "accept-post": "application/sdp" };
  const error = new HttpError(415, { code: "unsupported", message: "Cannot read", headers });

  const response = problemOf(error)!;

  assert.equal(response.headers.get("accept-post"), "application/sdp");
  const { status, code, detail } = await response.json();
  assert.deepEqual([status, code, detail], [415, "unsupported", "Cannot read"]);
});

Deno.test("problemOf tells what the media plane refuses from what it cannot do now", () => {
  const answerTo = (code: MediaErrorCode) => {
    const cause = new MediaError(code, "x");
    const plain = problemOf(cause)!;
    const onTheWire = problemOf(new ProtocolError("media-failed", "x", { cause }))!;
    return [plain.status, onTheWire.status, onTheWire.headers.get("retry-after")];
  };

  assert.deepEqual(answerTo("bad-description"), [422, 422, null]);
  assert.deepEqual(answerTo("unavailable"), [503, 503, "5"]);
  assert.equal(answerTo("already-recording")[0], 409);
  assert.equal(answerTo("not-configured")[0], 501);
  assert.equal(problemOf(new ProtocolError("media-failed", "it says nothing"))?.status, 503);
});

Deno.test("problemOf leaves other errors to who logs them", () => {
  assert.equal(problemOf(new TypeError("x")), undefined);
  assert.equal(problemOf("x"), undefined);
});
