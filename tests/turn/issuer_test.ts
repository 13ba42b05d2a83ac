/** Who makes TURN credentials. */
import assert from "node:assert/strict";
import { connectionIdFrom } from "../../src/protocol/mod.ts";
import { CredentialIssuer, passwordOf } from "../../src/turn/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { roomId, userId } from "../support/messages.ts";

const secret = "a secret of the test";
const urls = ["turn:turn.example.org", "turns:turn.example.org"];

Deno.test("[IC1] CredentialIssuer gives each its own, good for its time", () => {
  const clock = new FakeClock();
  const issuer = new CredentialIssuer({ urls, secret, ttlS: 60, clock });
  const ann = { roomId: roomId("test"), userId: userId("ann") };
  const endsAt = clock.now() / 1000 + 60;

  const given = issuer.forParticipant(ann);
  clock.advance(10_000);

  const username = `${endsAt}:test/ann`;
  assert.deepEqual(given, { urls, username, credential: passwordOf(username, secret) });
  assert.equal(issuer.forParticipant(ann).username, `${endsAt + 10}:test/ann`);
  assert.equal(issuer.forConnection(connectionIdFrom("c1")).username, `${endsAt + 10}:c1`);
  assert.equal(issuer.ttlS, 60);
});
