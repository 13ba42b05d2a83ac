/** Who may administer: the token, and how often anybody may be wrong about it. */
import assert from "node:assert/strict";
import { Administration } from "../../src/http/administration.ts";
import { ProtocolError } from "../../src/protocol/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";

function makeAdministration(token: string | undefined = "s3cret") {
  const clock = new FakeClock();
  const administration = new Administration({ token, clock });
  /** The code of the refusal, or `undefined`. */
  const ask = (shown: string | undefined, address: string | undefined = "192.0.2.1") => {
    const authorization = shown === undefined ? undefined : `Bearer ${shown}`;
    try {
      administration.refuseOthers({ authorization, address }, "Cannot end a room");
      return undefined;
    } catch (error) {
      assert.ok(error instanceof ProtocolError);
      assert.match(error.message, /^Cannot end a room/);
      assert.ok(shown === undefined || !error.message.includes(shown));
      return error.code;
    }
  };
  return { clock, ask };
}

Deno.test("Administration lets who shows the token through, and nobody else", () => {
  const { ask } = makeAdministration();

  assert.deepEqual(["s3cret", "s3cre", "s3cret ", "S3CRET", undefined].map((one) => ask(one)), [
    undefined,
    ...Array(4).fill("bad-token"),
  ]);
});

Deno.test("Administration is off without a token", () => {
  const administration = new Administration({ token: undefined, clock: new FakeClock() });

  assert.throws(
    () => administration.refuseOthers({ authorization: "Bearer x", address: undefined }, "Cannot"),
    (error) => error instanceof ProtocolError && error.code === "not-allowed",
  );
});

Deno.test("[TH5] Administration stops a network that guesses, the right guess too, for a while", () => {
  const { clock, ask } = makeAdministration();

  const guesses = Array.from({ length: 12 }, (_, n) => ask(`guess-${n}`));
  assert.deepEqual(guesses, [...Array(10).fill("bad-token"), "rate-limited", "rate-limited"]);
  assert.equal(ask("s3cret"), "rate-limited");
  clock.advance(10_000);

  assert.equal(ask("s3cret"), undefined);
});

Deno.test("[TH5] Administration stops no other network, and counts no request without a token", () => {
  const { ask } = makeAdministration();
  for (let n = 0; n < 200; n++) ask(`guess-${n}`, `198.51.100.${n}`);
  for (let n = 0; n < 20; n++) ask("guess", "192.0.2.7");

  for (let n = 0; n < 20; n++) ask(undefined);

  assert.equal(ask("s3cret"), undefined);
});

Deno.test("[TH5] Administration counts the addresses of one IPv6 network together", () => {
  const { ask } = makeAdministration();

  for (let n = 1; n <= 10; n++) ask("guess", `2001:db8::${n}`);

  assert.equal(ask("s3cret", "2001:db8::ffff"), "rate-limited");
  assert.equal(ask("s3cret", "2001:db8:0:1::1"), undefined);
});
