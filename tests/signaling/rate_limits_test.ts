/** What several connections may send together, through the hub, and ways around it. */
import assert from "node:assert/strict";
import type { ClientOrigin } from "../../src/access/mod.ts";
import { systemRandom } from "../../src/base/mod.ts";
import { type FakeClient, HubFixture } from "../support/hub_fixture.ts";

const PUBLIC: ClientOrigin = { address: "203.0.113.1" };
const TWO = { perSecond: 1, burst: 2 };
const CHAT = { type: "chat", text: "hi" };

/** What came, each as its type, or its code with its pause. */
function wordsOf(client: FakeClient): string[] {
  return client.heard().map((one) =>
    one.type === "error" ? `${one.code} ${one.retryAfterMs}` : one.type
  );
}

function says(client: FakeClient, message: Record<string, unknown>): string[] {
  client.heard();
  client.say(message);
  return wordsOf(client);
}

Deno.test("[LI5] a user who connects anew sends no more than before", () => {
  const fixture = new HubFixture({ rates: { user: TWO } });
  const ann = fixture.join("test", "ann");
  assert.deepEqual([says(ann, CHAT), says(ann, CHAT)], [["chat"], ["chat"]]);
  assert.deepEqual(says(ann, CHAT), ["rate-limited 1000"]);

  ann.close();
  const again = fixture.join("test", "ann");
  assert.deepEqual(says(again, CHAT), ["rate-limited 1000"]);
  assert.deepEqual(says(fixture.join("test", "bob"), CHAT), ["chat"]);

  fixture.clock.advance(1_000);
  assert.deepEqual(says(again, CHAT), ["chat"]);
});

Deno.test("[LI5] the connections of one access token's holder share one budget", () => {
  const fixture = new HubFixture({ rates: { user: TWO } });
  const withToken = (roomId: string, userId: string) =>
    fixture.connect(undefined, {
      claims: {
        roomId,
        userId,
        role: undefined,
        mayHost: undefined,
        expiresAt: 1e15,
      } as NonNullable<
        ClientOrigin["claims"] // The hub reads claims that the verifier has checked and branded.
      >,
    });
  const [one, two] = [withToken("a", "ann"), withToken("b", "ann")];

  assert.deepEqual([says(one, { type: "ping", at: 1 }), says(two, { type: "ping", at: 1 })], [
    ["pong"],
    ["pong"],
  ]);
  assert.deepEqual(says(two, { type: "ping", at: 1 }), ["rate-limited 1000"]);
  assert.deepEqual(says(withToken("a", "bob"), { type: "ping", at: 1 }), ["pong"]);
});

Deno.test("[LI6] all connections of a network share one budget, this machine's have none", () => {
  const fixture = new HubFixture({ rates: { network: TWO } });
  const ping = { type: "ping", at: 1 };
  const [one, two] = [fixture.connect("", PUBLIC), fixture.connect("", PUBLIC)];

  assert.deepEqual([says(one, ping), says(two, ping)], [["pong"], ["pong"]]);
  assert.deepEqual([says(one, ping), says(two, ping)], [["rate-limited 1000"], [
    "rate-limited 1000",
  ]]);
  assert.deepEqual(says(fixture.connect("", { address: "203.0.113.2" }), ping), ["pong"]);
  for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1", undefined]) {
    const own = fixture.connect("", { address });
    for (let n = 0; n < 5; n++) assert.deepEqual(says(own, ping), ["pong"]);
  }
});

Deno.test("[LI7] what goes to everybody in a room shares one budget, other messages have none", () => {
  const fixture = new HubFixture({ rates: { room: TWO } });
  const [ann, bob] = [fixture.join("test", "ann"), fixture.join("test", "bob")];

  assert.deepEqual(says(ann, CHAT), ["chat"]);
  assert.deepEqual(says(bob, { type: "state", hand: true, requestId: 1 }), ["ok"]);
  for (const message of [CHAT, { type: "data", payload: 1 }, { type: "state", hand: false }]) {
    assert.deepEqual(says(bob, message), ["rate-limited 1000"]);
  }
  const toAnn = { to: "ann" };
  assert.deepEqual(says(bob, { ...CHAT, ...toAnn }), ["chat"]);
  assert.deepEqual(says(bob, { type: "data", payload: 1, ...toAnn }), ["data"]);
  assert.deepEqual(says(fixture.join("elsewhere", "ann"), CHAT), ["chat"]);
});

Deno.test("[LI8] what the room refuses costs its sender nothing", () => {
  const fixture = new HubFixture({ rates: { room: { perSecond: 1, burst: 1 }, user: TWO } });
  const ann = fixture.join("test", "ann");
  assert.deepEqual(says(ann, CHAT), ["chat"]);

  for (let n = 0; n < 2_000; n++) ann.say(CHAT);
  assert.equal(ann.socket.closed?.reason, "rate-limited"); // By its own bucket, rule LI4.

  const bob = fixture.join("test", "bob");
  for (let n = 0; n < 500; n++) assert.deepEqual(says(bob, CHAT), ["rate-limited 1000"]);
  assert.deepEqual(says(bob, { type: "ping", at: 1 }), ["pong"]);
  assert.equal(bob.socket.closed, undefined);
});

Deno.test("[CR6] a network cannot use up the codes, by the socket or by HTTP", async () => {
  const fixture = new HubFixture({ random: systemRandom });
  const create = { type: "create-room", kind: "meeting" } as const;
  const client = fixture.connect("", PUBLIC);
  for (let n = 0; n < 59; n++) assert.deepEqual(says(client, create), ["room-created"]);
  await fixture.hub.admission.reserve(create, PUBLIC.address);

  assert.deepEqual(says(client, create), ["rate-limited 10000"]);
  assert.deepEqual(says(fixture.connect("", PUBLIC), create), ["rate-limited 10000"]);
  await assert.rejects(fixture.hub.admission.reserve(create, PUBLIC.address), /too many codes/);
  await fixture.hub.admission.reserve(create, "203.0.113.2");
  fixture.clock.advance(10_000);
  assert.deepEqual(says(client, create), ["room-created"]);
});
