/** Credentials are as RFC 8839 has them, and nobody draws the same twice. */
import assert from "node:assert/strict";
import {
  createIceParameters,
  createSsrc,
  randomSequenceNumber,
} from "../../../src/media/sfu/credentials.ts";

Deno.test("createIceParameters gives what RFC 8839 allows, never the same", () => {
  const drawn = Array.from({ length: 200 }, createIceParameters);

  for (const { usernameFragment, password } of drawn) {
    assert.match(usernameFragment, /^[A-Za-z0-9]{8}$/);
    assert.match(password, /^[A-Za-z0-9]{24}$/);
  }
  assert.equal(new Set(drawn.map(({ usernameFragment }) => usernameFragment)).size, 200);
});

Deno.test("createSsrc gives 32 bits that are not taken, and takes them", () => {
  const taken = new Set<number>();

  for (let n = 0; n < 1_000; n++) createSsrc(taken);

  assert.equal(taken.size, 1_000);
  assert.ok([...taken].every((ssrc) => Number.isInteger(ssrc) && ssrc > 0 && ssrc < 2 ** 32));
});

Deno.test("randomSequenceNumber gives 16 bits", () => {
  const drawn = Array.from({ length: 1_000 }, randomSequenceNumber);

  assert.ok(drawn.every((number) => Number.isInteger(number) && number >= 0 && number < 2 ** 16));
  assert.ok(new Set(drawn).size > 900);
});
