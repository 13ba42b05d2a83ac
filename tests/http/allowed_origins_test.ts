/** Whose pages may enter rooms. */
import assert from "node:assert/strict";
import { AllowedOrigins } from "../../src/http/allowed_origins.ts";

function allows(origins: string[], origin: string, host?: string): boolean {
  const request = new Request("http://rooms.example:8080/ws", {
    headers: host === undefined ? {} : { host },
  });
  return new AllowedOrigins(origins).allows(origin, request);
}

Deno.test("AllowedOrigins with same allows the host of the request, by its header if there is one", () => {
  assert.ok(allows(["same"], "http://rooms.example:8080"));
  assert.ok(allows(["same"], "https://public.example", "public.example"));
  for (
    const origin of [
      ...["http://rooms.example", "http://rooms.example.evil.example:8080", "null", ""],
      ...["http://x@rooms.example", "rooms.example:8080"],
    ]
  ) assert.ok(!allows(["same"], origin), origin);
});

Deno.test("AllowedOrigins allows what is listed, to the letter, and anything with *", () => {
  assert.ok(allows(["https://a.example", "https://b.example"], "https://b.example"));
  assert.ok(!allows(["https://a.example"], "https://A.example"));
  assert.ok(!allows(["https://a.example"], "http://rooms.example:8080"));
  assert.ok(allows(["*"], "null"));
});
