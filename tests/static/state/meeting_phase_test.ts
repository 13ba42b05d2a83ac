/** Which refusals are worth another try. */
import assert from "node:assert/strict";
import { ERROR_CODES, type ErrorCode } from "../../../src/protocol/mod.ts";
import { RETRY_MS, retryAfter } from "../../../static/state/meeting_phase.ts";

const retried = new Set(["room-full", "too-many-rooms", "internal-error", "rate-limited"]);

for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) { // The keys are the codes.
  Deno.test(`[ER1] retryAfter ${retried.has(code) ? "tries again" : "waits for a person"}: ${code}`, () => {
    const pauseMs = retryAfter({ type: "error", code, message: "" });

    assert.equal(pauseMs, retried.has(code) ? RETRY_MS : undefined);
  });
}

Deno.test("[TH2] retryAfter waits as long as the server says, and a second at least", () => {
  const limited = (retryAfterMs: number) =>
    retryAfter({ type: "error", code: "rate-limited", message: "", retryAfterMs });

  assert.equal(limited(45_000), 45_000);
  assert.equal(limited(1), 1_000);
});
