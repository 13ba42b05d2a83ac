/** The server that the doctor looks at, from what the user typed. */
import assert from "node:assert/strict";
import { UsageError } from "../../../cli/arguments.ts";
import { readSite, tokenInUrl } from "../../../cli/doctor/site.ts";

for (
  const [text, expected] of [
    ["http://127.0.0.1:8080", ["127.0.0.1", 8080, false, true, "ws://127.0.0.1:8080/ws"]],
    ["wss://example.org/ws", ["example.org", 443, true, false, "wss://example.org/ws"]],
    ["https://example.org/a/", ["example.org", 443, true, false, "wss://example.org/a/ws"]],
    ["http://[::1]:9/ws?access_token=x", ["::1", 9, false, true, "ws://[::1]:9/ws"]],
    ["ws://localhost", ["localhost", 80, false, true, "ws://localhost/ws"]],
  ] as const
) {
  Deno.test(`readSite reads ${text}`, () => {
    const { host, port, isSecure, isLoopback, socketUrl } = readSite(text);

    assert.deepEqual([host, port, isSecure, isLoopback, socketUrl], expected);
  });
}

Deno.test("readSite keeps the path of a proxy for the API", () => {
  assert.equal(
    readSite("wss://example.org/rooms/ws").url("/healthz"),
    "https://example.org/rooms/healthz",
  );
  assert.equal(readSite("wss://example.org/rooms/ws").origin, "https://example.org");
});

Deno.test("readSite refuses what is no address", () => {
  assert.throws(() => readSite("nonsense"), UsageError);
  assert.throws(() => readSite("ftp://example.org"), UsageError);
});

Deno.test("tokenInUrl finds the token that a browser would send", () => {
  assert.equal(tokenInUrl("wss://example.org/ws?access_token=abc"), "abc");
  assert.equal(tokenInUrl("wss://example.org/ws"), undefined);
});
