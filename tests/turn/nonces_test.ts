/** Nonces that need no memory. */
import assert from "node:assert/strict";
import { Nonces } from "../../src/turn/nonces.ts";
import { FakeClock } from "../support/fake_clock.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("Nonces takes its own for half an hour at least and an hour at most", () => {
  const clock = new FakeClock();
  const nonces = new Nonces(clock, "key");
  const nonce = bytes(nonces.make("192.0.2.1"));

  clock.advance(1_800_000);
  const later = nonces.isGood(nonce, "192.0.2.1");
  clock.advance(1_800_000);

  assert.equal(later, true);
  assert.equal(nonces.isGood(nonce, "192.0.2.1"), false);
});

Deno.test("Nonces takes none of another address, of another server, or made up", () => {
  const clock = new FakeClock();
  const nonces = new Nonces(clock, "key");
  const nonce = nonces.make("192.0.2.1");

  assert.equal(nonces.isGood(bytes(nonce), "192.0.2.2"), false);
  assert.equal(new Nonces(clock, "other").isGood(bytes(nonce), "192.0.2.1"), false);
  for (const bad of ["", "0", `${nonce}x`, nonce.slice(1)]) {
    assert.equal(nonces.isGood(bytes(bad), "192.0.2.1"), false, bad);
  }
});
