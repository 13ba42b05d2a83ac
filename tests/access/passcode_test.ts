/** Passcodes as hashes. */
import assert from "node:assert/strict";
import { type PasscodeHash, PasscodeHasher } from "../../src/access/passcode.ts";
import { ProtocolError } from "../../src/protocol/mod.ts";

const cheap = { cost: { N: 2 } };

Deno.test("[PC3] PasscodeHasher.hash keeps nothing of the passcode and salts every time", async () => {
  const hasher = new PasscodeHasher(cheap);

  const [one, two] = await Promise.all([hasher.hash("s3cret"), hasher.hash("s3cret")]);

  assert.equal(one.hash.length, 32);
  assert.notDeepEqual(one.hash, two.hash);
  assert.notEqual(one.salt, two.salt);
  assert.ok(
    !JSON.stringify({ ...one, hash: new TextDecoder().decode(one.hash) }).includes("s3cret"),
  );
});

Deno.test("[PC4] PasscodeHasher.matches takes the same passcode, however it is composed", async () => {
  const hasher = new PasscodeHasher(cheap);
  const known = await hasher.hash("caf\u00e9");

  assert.equal(await hasher.matches("cafe\u0301", known), true);
  for (const wrong of ["", "cafe", "caf\u00e9 ", "CAF\u00c9"]) {
    assert.equal(await hasher.matches(wrong, known), false, wrong);
  }
});

Deno.test("[PC3] PasscodeHasher hashes at a real cost unless told otherwise", async () => {
  const hasher = new PasscodeHasher();

  assert.equal(await hasher.matches("s3cret", await hasher.hash("s3cret")), true);
});

Deno.test("PasscodeHasher bounds what waits, and says when to come back", async () => {
  const hasher = new PasscodeHasher(cheap);

  const results = await Promise.allSettled(
    Array.from({ length: 100 }, (_, n): Promise<PasscodeHash> => hasher.hash(`${n}`)),
  );

  const failed = results.filter((one) => one.status === "rejected").map((one) => one.reason);
  assert.equal(failed.length, 100 - 2 - 64);
  assert.ok(
    failed.every((error) => error instanceof ProtocolError && error.code === "rate-limited"),
  );
  assert.equal(failed[0].retryAfterMs, 2_000);
  assert.ok(await hasher.hash("again"));
});
