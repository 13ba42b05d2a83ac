/** Who sent a webhook: the headers of Standard Webhooks, computed a second time by other means. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readWebhookKey, signatureHeaders } from "../../src/webhooks/mod.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

Deno.test("signatureHeaders signs id, seconds and body, as node:crypto does", () => {
  const body = '{"type":"room-started","roomId":"zimmer-ä"}';

  const headers = signatureHeaders(readWebhookKey(SECRET), {
    id: "one",
    atMs: 1_767_225_600_999,
    body,
  });

  const hash = createHmac("sha256", SECRET).update(`one.1767225600.${body}`).digest("base64");
  assert.deepEqual(headers, {
    "webhook-id": "one",
    "webhook-timestamp": "1767225600",
    "webhook-signature": `v1,${hash}`,
  });
});

Deno.test("signatureHeaders agrees with the example of the specification", () => {
  const headers = signatureHeaders(readWebhookKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    atMs: 1_614_265_330_000,
    body: '{"test": 2432232314}',
  });

  assert.equal(
    headers["webhook-signature"],
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
});

Deno.test("signatureHeaders depends on every part", async () => {
  const key = readWebhookKey(SECRET);
  const signed = { id: "one", atMs: 1_000, body: "{}" };
  const of = (one: typeof signed, by = key) => signatureHeaders(by, one)["webhook-signature"];

  const all = [
    of(signed),
    of({ ...signed, id: "two" }),
    of({ ...signed, atMs: 2_000 }),
    of({ ...signed, body: "{ }" }),
    of(signed, readWebhookKey(SECRET.toUpperCase())),
  ];

  assert.equal(new Set(all).size, all.length);
  // Web Crypto as a receiver has it, which shares no code with what signed.
  const imported = await crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(SECRET),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["verify"],
  );
  const sent = Uint8Array.from(atob(all[0]!.slice("v1,".length)), (one) => one.charCodeAt(0));
  const text = new TextEncoder().encode("one.1.{}");
  assert.ok(await crypto.subtle.verify("HMAC", imported, sent, text));
});

Deno.test("readWebhookKey takes text as it is, and base64 behind whsec_", () => {
  const bytes = new Uint8Array(24).fill(7);

  assert.deepEqual([...readWebhookKey(SECRET)], [...new TextEncoder().encode(SECRET)]);
  assert.deepEqual([...readWebhookKey(`whsec_${btoa(String.fromCharCode(...bytes))}`)], [...bytes]);
});

for (const secret of ["", "short", "x".repeat(31), "whsec_", `whsec_${btoa("x".repeat(23))}`]) {
  Deno.test(`readWebhookKey refuses ${JSON.stringify(secret)}, and does not show it`, () => {
    assert.throws(
      () => readWebhookKey(secret),
      (error) =>
        error instanceof RangeError && /^expected .* bytes/.test(error.message) &&
        (secret === "" || secret === "whsec_" || !error.message.includes(secret)),
    );
  });
}

Deno.test("readWebhookKey refuses what only looks like base64", () => {
  const secret = `whsec_${"-".repeat(64)}`;

  assert.throws(() => readWebhookKey(secret), /expected whsec_ and at least 24 bytes in base64/);
});
