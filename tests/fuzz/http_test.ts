/** The routes against requests nobody means well with: an answer each time, and never a 5xx fault. */
import fc from "fast-check";
import assert from "node:assert/strict";
import { withApp } from "../support/app_fixture.ts";

/** Requests in each run of the tests, within seconds. */
const RUNS = 20_000;
/** The server's own ways to say that it cannot now; any other 5xx is a fault. */
const CANNOT_NOW = new Set([503]);

const segment = fc.oneof(
  fc.constantFrom(
    "api",
    "rooms",
    "ice-servers",
    "ws",
    "test",
    "schema",
    "metrics",
    "..",
    "",
    "%",
    "a",
  ),
  fc.constantFrom("000042", "__proto__", "constructor", "%00", "%E0%A4%A", "%2e%2e", "*", ":id"),
  fc.string({ unit: "binary", maxLength: 80 }).map((text) =>
    encodeURIComponent(text.toWellFormed())
  ),
);
const path = fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join("/")}`);
const query = fc.option(fc.webQueryParameters(), { nil: "" }).map((text) => text && `?${text}`);
const method = fc.constantFrom("GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS", "PATCH", "PURGE");
const value = fc.string({ maxLength: 200 }).map((text) => text.replace(/[^\x20-\x7e]/g, "?"));
const headers = fc.dictionary(
  fc.constantFrom(
    ...["accept-encoding", "authorization", "content-type", "if-none-match", "origin", "upgrade"],
    ...[
      "sec-websocket-key",
      "sec-websocket-protocol",
      "x-forwarded-for",
      "range",
      "content-length",
    ],
  ),
  fc.oneof(
    value,
    fc.constantFrom("websocket", "application/json", "Bearer x", "br;q=0", "*", "null"),
  ),
);
const body = fc.option(
  fc.oneof(
    fc.json(),
    fc.uint8Array({ maxLength: 3_000 }).map((bytes) => new Uint8Array(bytes)),
    fc.record({ kind: fc.oneof(fc.constantFrom("meeting", "live"), fc.anything()) })
      .map((fields) => JSON.stringify(fields, (_key, one) => typeof one === "bigint" ? 0 : one)),
  ),
  { nil: undefined },
);

Deno.test(
  "handler answers whatever is asked, and says what was wrong",
  withApp(["--admin-token", "s3cret", "--max-rooms", "50"], async (send) => {
    const request = fc.record({ path, query, method, headers, body });
    await fc.assert(
      fc.asyncProperty(request, async ({ path, query, method, headers, body }) => {
        const hasBody = method !== "GET" && method !== "HEAD" && body !== undefined;
        const response = await send(`${path}${query}`, {
          method,
          headers,
          ...(hasBody ? { body } : {}),
        });
        const text = await response.text();

        assert.ok(response.status < 500 || CANNOT_NOW.has(response.status), `${response.status}`);
        if (response.status < 400 || method === "HEAD") return;
        const problem = JSON.parse(text);
        assert.equal(problem.status, response.status);
        assert.match(problem.code, /^[a-z-]+$/);
        assert.ok(problem.detail.length > 10, problem.detail);
      }),
      { numRuns: RUNS },
    );
  }),
);
