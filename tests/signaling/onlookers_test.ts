/** Who sees rooms from outside: what a join would be refused for is refused here, and goes on to be. */
import assert from "node:assert/strict";
import { NETWORK_GUESSES } from "../../src/access/mod.ts";
import type { Sight } from "../../src/signaling/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { HubFixture, type HubFixtureOptions } from "../support/hub_fixture.ts";
import { roomId } from "../support/messages.ts";
import { hasCode } from "../support/room_fixture.ts";
import { makeVerifier, sign } from "../support/tokens.ts";

const STRANGER = "203.0.113.7";

type Look = { passcode?: string; token?: string; from?: string };

function makeFixture(options: HubFixtureOptions = {}) {
  const clock = options.clock ?? new FakeClock();
  const fixture = new HubFixture({ ...options, clock });
  const { onlookers, registry } = fixture.hub;
  const look = async (room: string, { passcode, token, from = STRANGER }: Look = {}) => {
    const claims = token === undefined ? undefined : await options.verifier!.verify(token);
    return await onlookers.admit({ roomId: roomId(room), passcode }, { address: from, claims });
  };
  const isOpen = (room: string, address = STRANGER) =>
    onlookers.isOpen(registry.get(roomId(room))!, { address });
  return { clock, fixture, look, isOpen };
}

/** A hub that demands tokens. */
function makeTokenFixture() {
  const clock = new FakeClock();
  const made = makeFixture({ clock, verifier: makeVerifier(clock) });
  const join = async (room: string, sub: string, more: Record<string, unknown> = {}) => {
    const client = made.fixture.connect();
    client.heard();
    client.say({ type: "join", roomId: room, token: await sign({ room, sub, ...more }) });
    await client.untilHeard();
    return client;
  };
  return { ...made, join };
}

Deno.test("Onlookers.admit lets anybody see a room that lets anybody in, and the room hears nothing", async () => {
  const { fixture, look, isOpen } = makeFixture({ limits: { maxParticipants: 1 } });
  const ann = fixture.join("test", "ann");

  const sight = await look("test");
  fixture.clock.endTurn();

  assert.equal(sight.room.roomId, "test");
  sight.refuseNow();
  assert.equal(isOpen("test"), true);
  assert.deepEqual(ann.heard(), []);
  assert.equal(sight.room.size, 1); // It is full, and takes no place.
});

Deno.test("Onlookers.admit makes no room of one that does not exist", async () => {
  const { fixture, look } = makeFixture();

  await assert.rejects(look("test"), hasCode("room-not-found"));
  await assert.rejects(look("test", { passcode: "x" }), hasCode("room-not-found"));

  assert.equal(fixture.hub.registry.size, 0);
});

Deno.test("[LK1] Onlookers.admit refuses a locked room, and a sight ends with the lock", async () => {
  const { fixture, look, isOpen } = makeFixture();
  const ann = fixture.join("test", "ann");
  const before = await look("test");

  ann.say({ type: "lock", locked: true });

  await assert.rejects(look("test"), hasCode("room-locked"));
  assert.throws(before.refuseNow, hasCode("room-locked"));
  assert.equal(isOpen("test"), false);
  ann.say({ type: "lock", locked: false });
  await look("test");
});

Deno.test("[LB2, LB8] Onlookers.admit refuses a room with a lobby, also before its host has come", async () => {
  const { fixture, look, isOpen } = makeFixture();
  const ann = fixture.join("test", "ann");
  const before = await look("test");
  ann.say({ type: "lobby", enabled: true });
  const early = fixture.connect();
  const { roomId: code } = await fixture.hub.admission.reserve({
    type: "create-room",
    kind: "live",
    lobby: true,
  }, STRANGER);
  early.say({ type: "join", roomId: code, userId: "early" });

  await assert.rejects(look("test"), hasCode("not-allowed"));
  assert.throws(before.refuseNow, hasCode("not-allowed"));
  assert.equal(isOpen("test"), false);
  await assert.rejects(look(code), hasCode("room-not-found"));
});

Deno.test("[KI2] Onlookers.admit keeps out whose network was kicked, and its sight ends", async () => {
  const { fixture, look, isOpen } = makeFixture();
  const ann = fixture.join("test", "ann");
  const before = await look("test");
  const bob = fixture.connect(undefined, { address: STRANGER });
  bob.say({ type: "join", roomId: "test", userId: "bob" });

  ann.say({ type: "kick", userId: "bob" });

  await assert.rejects(look("test"), hasCode("not-allowed"));
  assert.throws(before.refuseNow, hasCode("not-allowed"));
  assert.equal(isOpen("test"), false);
  await look("test", { from: "198.51.100.9" });
  assert.equal(isOpen("test", "198.51.100.9"), true);
});

Deno.test("[PC2] Onlookers.admit demands the passcode of the room as it is, not of one before", async () => {
  const { fixture, look, isOpen } = makeFixture();
  const open = async () => {
    const ann = fixture.connect();
    ann.heard();
    ann.say({ type: "join", roomId: "test", userId: "ann", passcode: "open sesame" });
    await ann.untilHeard();
    return ann;
  };
  const ann = await open();

  await assert.rejects(look("test"), hasCode("bad-passcode"));
  await assert.rejects(look("test", { passcode: "wrong" }), hasCode("bad-passcode"));
  const sight = await look("test", { passcode: "open sesame" });
  assert.equal(isOpen("test"), false);

  ann.say({ type: "leave" });
  await open();
  assert.throws(sight.refuseNow, hasCode("room-not-found"));
});

Deno.test("[TH1, TH2] Onlookers.admit counts wrong codes and passcodes as a join does", async () => {
  const { fixture, look } = makeFixture();
  const code = fixture.hub.registry.reserveCode({ kind: "live", hasLobby: false }).roomId;
  fixture.join(code, "ann");
  const wrong = code === "000000" ? "000001" : "000000";
  for (let n = 0; n < NETWORK_GUESSES.burst; n++) {
    await assert.rejects(look(wrong), hasCode("room-not-found"));
  }

  await assert.rejects(look(wrong), hasCode("rate-limited"));
  await assert.rejects(look(code), hasCode("rate-limited")); // An answer would say which is which.
  await look(code, { from: "198.51.100.9" });
  // The same bucket as that of joins.
  const bob = fixture.connect(undefined, { address: STRANGER });
  bob.heard();
  bob.say({ type: "join", roomId: code, userId: "bob" });
  const [error] = bob.heard();
  assert.ok(error?.type === "error" && error.code === "rate-limited");
});

Deno.test("[TK3, TK5] Onlookers.admit goes by the token: its room, its user id, its rights", async () => {
  const { look, join } = makeTokenFixture();
  const ann = await join("test", "ann", { host: true });
  const token = await sign({ room: "test", sub: "bob", role: "participant" });
  const host = await sign({ room: "test", sub: "eve", host: true });

  const sight = await look("test", { token });
  await assert.rejects(look("test"), hasCode("bad-token"));
  await assert.rejects(
    look("test", { token: await sign({ room: "other", sub: "bob" }) }),
    hasCode("bad-token"),
  );

  await join("test", "bob");
  ann.say({ type: "kick", userId: "bob" });
  await assert.rejects(look("test", { token }), hasCode("not-allowed"));
  assert.throws(sight.refuseNow, hasCode("not-allowed"));
  ann.say({ type: "lock", locked: true });
  const right: Sight = await look("test", { token: host });
  right.refuseNow();
});
