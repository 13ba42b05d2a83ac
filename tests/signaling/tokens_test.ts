/** Access tokens through the hub: what a connection may be under one, how it ends, ways around it. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../src/protocol/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { type FakeClient, HubFixture } from "../support/hub_fixture.ts";
import { makeVerifier, sign } from "../support/tokens.ts";

/** A hub that demands tokens; `connect` opens a connection whose upgrade had one. */
function makeHub() {
  const clock = new FakeClock();
  const verifier = makeVerifier(clock);
  const fixture = new HubFixture({ clock, verifier });
  const connect = async (claims: Record<string, unknown>, address?: string) => {
    const found = await verifier.verify(await sign(claims));
    const client = fixture.connect(undefined, { claims: found, address });
    client.heard();
    return client;
  };
  const join = async (claims: Record<string, unknown>, address?: string) => {
    const client = await connect(claims, address);
    client.say({ type: "join", roomId: "test" });
    assert.deepEqual(wordsOf(await client.untilHeard()), ["joined"]);
    return client;
  };
  return { clock, fixture, connect, join };
}

/** What came, each as its type or its code, with the reason where there is one. */
function wordsOf(messages: ServerMessage[]): string[] {
  return messages.map((one) => {
    if (one.type === "error") return one.code;
    return "reason" in one ? `${one.type} ${one.reason}` : one.type;
  });
}

async function ask(client: FakeClient, message: Record<string, unknown>): Promise<string[]> {
  client.heard();
  client.say(message);
  return wordsOf(await client.untilHeard());
}

Deno.test("[TK3] Hub seats a connection as its token says, and as nobody else", async () => {
  const { fixture, connect } = makeHub();
  const client = await connect({ sub: "bob", role: "viewer", host: true });
  const as = (fields: Record<string, unknown>) =>
    ask(client, { type: "join", roomId: "test", ...fields });
  const owner = await connect({ sub: "ann" });
  await ask(owner, { type: "join", roomId: "test" });

  assert.deepEqual(await as({ roomId: "other" }), ["bad-token"]);
  assert.deepEqual(await as({ userId: "ann" }), ["bad-token"]);
  assert.deepEqual(await as({ role: "broadcaster" }), ["bad-token"]);
  assert.deepEqual(await as({}), ["joined"]);

  const [, bob] = fixture.hub.registry.rooms()[0]!.participants;
  assert.deepEqual([bob?.userId, bob?.role, bob?.view.host], ["bob", "viewer", true]);
});

Deno.test("[TK1] Hub refuses a join where neither upgrade nor join had a token", async () => {
  const { fixture } = makeHub();

  const words = await ask(fixture.connect(), { type: "join", roomId: "test", userId: "eve" });

  assert.deepEqual(words, ["bad-token"]);
  assert.equal(fixture.hub.registry.size, 0);
});

Deno.test("[TK4] Hub counts the token of the join, and refuses a bad one beside a good", async () => {
  const { connect } = makeHub();
  const client = await connect({ sub: "ann" });
  const join = { type: "join", roomId: "other" };

  assert.deepEqual(await ask(client, { ...join, token: "x.y.z" }), ["bad-token"]);
  assert.deepEqual(await ask(client, { ...join, roomId: "test", token: "" }), ["bad-token"]);
  const token = await sign({ room: "other", sub: "bob" });
  assert.deepEqual(await ask(client, { ...join, userId: "ann", token }), ["bad-token"]);
  assert.deepEqual(await ask(client, { ...join, token }), ["joined"]);
});

Deno.test("[TK5] Hub makes nobody host whom the token forbids, first or last", async () => {
  const { fixture, join } = makeHub();
  const guest = await join({ sub: "guest", host: false });

  assert.deepEqual(await ask(guest, { type: "lock", locked: true }), ["not-allowed"]);
  const host = await join({ sub: "host", host: true });
  assert.deepEqual(await ask(host, { type: "lock", locked: true, requestId: 1 }), ["ok"]);
  host.say({ type: "leave" });

  assert.deepEqual(wordsOf(guest.heard()).slice(-1), ["user-left left"], "no host-changed");
  assert.deepEqual(await ask(guest, { type: "end-room" }), ["not-allowed"]);
  assert.equal(fixture.hub.registry.size, 1);
});

Deno.test("[TK5] Hub opens a locked room for a host by token alone", async () => {
  const { connect, join } = makeHub();
  const ann = await join({ sub: "ann", host: true });
  ann.say({ type: "lock", locked: true });

  assert.deepEqual(await ask(await connect({ sub: "bob" }), { type: "join", roomId: "test" }), [
    "room-locked",
  ]);
  await join({ sub: "cat", host: true });
});

Deno.test("[CR7] Hub takes a token for the host key that says host, or broadcaster", async () => {
  const cases: [claims: Record<string, unknown>, expected: string][] = [
    [{}, "not-allowed"],
    [{ host: false }, "not-allowed"],
    [{ role: "participant", host: true }, "bad-token"],
    [{ host: true }, "joined"],
    [{ role: "broadcaster" }, "joined"],
    [{ role: "broadcaster", host: false }, "joined"],
  ];

  for (const [claims, expected] of cases) {
    const { fixture, connect } = makeHub();
    const { roomId: room } = fixture.hub.registry.reserveCode({ kind: "live" });
    const one = await connect({ room, sub: "ann", ...claims });
    const join = { type: "join", roomId: room, role: "broadcaster" };
    assert.deepEqual(await ask(one, join), [expected], JSON.stringify(claims));
  }
});

Deno.test("[CR7] Hub counts the token of the join, and takes the host key beside any", async () => {
  const { fixture, connect } = makeHub();
  const { roomId: room, hostKey } = fixture.hub.registry.reserveCode({ kind: "live" });
  const ann = await connect({ room, sub: "ann", role: "broadcaster" });
  const token = await sign({ room, sub: "ann" });
  const join = { type: "join", roomId: room, role: "broadcaster", token };

  assert.deepEqual(await ask(ann, join), ["not-allowed"]);
  assert.deepEqual(await ask(ann, { ...join, hostKey }), ["joined"]);
});

Deno.test("[KI2, KI3] Hub keeps a kicked subject out, and others of its network in", async () => {
  const { connect, join } = makeHub();
  const ann = await join({ sub: "ann", host: true });
  await join({ sub: "bob" }, "192.0.2.7");
  ann.say({ type: "kick", userId: "bob" });
  const back = await connect({ sub: "bob", host: true }, "198.51.100.1");

  assert.deepEqual(await ask(back, { type: "join", roomId: "test" }), ["not-allowed"]);
  assert.deepEqual(await ask(back, { type: "join", roomId: "test", userId: "rob" }), ["bad-token"]);
  await join({ sub: "cat" }, "192.0.2.7");
});

Deno.test("[TK6] Hub warns of a token's end, and closes the connection then", async () => {
  const { clock, fixture, join } = makeHub();
  const exp = clock.now() / 1000 + 120;
  const ann = await join({ sub: "ann", exp });
  const bob = await join({ sub: "bob" });
  ann.heard();

  clock.advance(60_000);
  assert.deepEqual(ann.heard(), [{ type: "token-expiring", expiresAt: exp * 1000 }]);
  clock.advance(59_999);
  assert.equal(ann.socket.closed, undefined);
  clock.advance(1);

  assert.deepEqual(wordsOf(ann.heard()), ["bad-token"]);
  assert.deepEqual(ann.socket.closed, { code: 1008, reason: "bad-token" });
  assert.deepEqual(wordsOf(bob.heard()), ["user-left disconnected", "host-changed"]);
  assert.equal(fixture.hub.connectionCount, 1);
});

Deno.test("[TK7] Hub goes on with a newer token of the same holder, and with no other", async () => {
  const { clock, join } = makeHub();
  const exp = clock.now() / 1000 + 120;
  const ann = await join({ sub: "ann", exp });
  const refresh = async (claims: Record<string, unknown>) =>
    await ask(ann, { type: "refresh-token", token: await sign({ sub: "ann", ...claims }) });

  assert.deepEqual(await refresh({ sub: "bob" }), ["bad-token"]);
  assert.deepEqual(await refresh({ room: "other" }), ["bad-token"]);
  assert.deepEqual(await refresh({ exp: exp - 1_000 }), ["bad-token"]);
  assert.deepEqual(await refresh({ exp: exp + 3_600, host: true }), ["token-refreshed"]);
  clock.advance(200_000);
  assert.equal(ann.socket.closed, undefined);
  clock.advance(3_600_000);

  assert.deepEqual(ann.socket.closed, { code: 1008, reason: "bad-token" });
});

Deno.test("[TK7] Hub grants no right by a refresh, and refuses it where none are demanded", async () => {
  const { join } = makeHub();
  await join({ sub: "ann", host: true });
  const bob = await join({ sub: "bob", host: false });
  await ask(bob, { type: "refresh-token", token: await sign({ sub: "bob", host: true }) });

  assert.deepEqual(await ask(bob, { type: "lock", locked: true }), ["not-allowed"]);
  const open = new HubFixture().join("test", "ann");
  assert.deepEqual(await ask(open, { type: "refresh-token", token: "x" }), ["not-allowed"]);
});

Deno.test("[TK6] Hub watches no token of a connection that is gone", async () => {
  const { clock, join } = makeHub();
  const ann = await join({ sub: "ann" });

  ann.drop();

  assert.equal(clock.pending, 0);
});

Deno.test("[TK8] Hub resumes a seat for nobody but the holder of its token", async () => {
  const { fixture, connect } = makeHub();
  const ann = await connect({ sub: "ann" });
  ann.say({ type: "join", roomId: "test", resumable: true });
  const [joined] = await ann.untilHeard();
  const resumeToken = joined?.type === "joined" ? joined.resumeToken : undefined;
  assert.ok(resumeToken);
  ann.drop();
  const resume = { type: "resume", resumeToken, lastSeq: 0 };

  assert.deepEqual(await ask(await connect({ sub: "eve" }), resume), ["bad-token"]);
  assert.deepEqual(await ask(await connect({ sub: "ann", room: "other" }), resume), ["bad-token"]);
  assert.deepEqual(await ask(await connect({ sub: "ann" }), resume), ["resumed"]);
  assert.equal(fixture.hub.registry.participantCount, 1);
});
