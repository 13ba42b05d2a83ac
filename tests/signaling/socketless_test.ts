/** Participants without a socket: how they enter, what ends their stay, what the others hear. */
import assert from "node:assert/strict";
import type { LeaveReason } from "../../src/protocol/mod.ts";
import type { SocketlessSeat } from "../../src/signaling/mod.ts";
import { HubFixture, type HubFixtureOptions } from "../support/hub_fixture.ts";
import { clientMessage, roomId, userId } from "../support/messages.ts";
import { hasCode } from "../support/room_fixture.ts";
import { ScriptedMediaPlane } from "../support/scripted_media_plane.ts";

const OFFER = { sdp: "an offer", tracks: [{ mid: "0", source: "camera" }] } as const;
const cam = userId("cam");

function makeFixture(options: HubFixtureOptions = {}) {
  const plane = new ScriptedMediaPlane();
  const fixture = new HubFixture({ media: plane, ...options });
  const reasons: LeaveReason[] = [];
  const enter = (fields: Record<string, unknown> = {}): Promise<SocketlessSeat> => {
    const message = clientMessage("join", { roomId: "test", userId: "cam", ...fields });
    const ended = (reason: LeaveReason) => reasons.push(reason);
    return fixture.hub.enterWithoutSocket(message, { client: {}, ended });
  };
  return { plane, fixture, enter, reasons };
}

Deno.test("[JO3] Hub.enterWithoutSocket makes a member of the room, as a join does", async () => {
  const { plane, fixture, enter } = makeFixture();
  const ann = fixture.join("test", "ann", { sfu: true });

  const seat = await enter({ name: "Camera" });
  fixture.clock.endTurn();

  assert.deepEqual([seat.roomId, seat.userId], ["test", "cam"]);
  const [joined, moved] = ann.heard();
  assert.ok(joined?.type === "user-joined");
  assert.deepEqual([joined.userId, joined.participant.name], ["cam", "Camera"]);
  assert.deepEqual(moved, { type: "topology", topology: "sfu" });
  assert.deepEqual(plane.room.calls, ["add ann", "add cam"]);
  assert.equal(fixture.hub.sessionCounts.all, 1);
});

Deno.test("[JO1] Hub.enterWithoutSocket makes a room, and a user id, where there is none", async () => {
  const { fixture, enter } = makeFixture();

  const seat = await enter({ userId: undefined });

  assert.match(seat.userId, /^user-/);
  assert.equal(fixture.hub.registry.get(roomId("test"))?.view.topology, "sfu");
});

Deno.test("[PB1] SocketlessSeat.publish asks the media plane as a publisher's message does", async () => {
  const { plane, fixture, enter } = makeFixture();
  const seat = await enter();
  const ann = fixture.join("test", "ann", { sfu: true });

  const answer = await seat.publish(OFFER);
  plane.room.events.published(cam, { trackId: "1", source: "camera" });
  fixture.clock.endTurn();

  assert.deepEqual(answer.tracks, [{ mid: "0", trackId: "cam-0" }]);
  assert.deepEqual(ann.heardTypes(), ["track-published"]);
});

Deno.test("SocketlessSeat.view asks the media plane, and a viewer may not publish", async () => {
  const { plane, fixture, enter } = makeFixture();
  fixture.join("test", "ann", { sfu: true });
  const seat = await enter({ role: "viewer" });

  assert.deepEqual(await seat.view({ sdp: "an offer" }), { sdp: "an answer" });
  await assert.rejects(seat.publish(OFFER), hasCode("not-allowed"));

  assert.equal(plane.room.calls.at(-1), "view cam undefined");
});

Deno.test("[PB2] SocketlessSeat.publish gives up on a media plane that says nothing", async () => {
  const { plane, fixture, enter } = makeFixture();
  const seat = await enter();
  plane.room.gate = new Promise(() => {});
  const answer = seat.publish(OFFER);

  fixture.clock.advance(10_000);

  await assert.rejects(answer, hasCode("media-failed"));
});

Deno.test("[JO5, JO6, LK1, LB2] Hub.enterWithoutSocket refuses what a join would be refused", async () => {
  const { fixture, enter, reasons } = makeFixture();
  await assert.rejects(enter({ role: "viewer" }), hasCode("room-not-found"));
  const ann = fixture.join("test", "ann", { sfu: true });
  await assert.rejects(enter({ userId: "ann" }), hasCode("user-id-taken"));
  ann.say({ type: "lobby", enabled: true });
  await assert.rejects(enter(), hasCode("not-allowed"));
  ann.say({ type: "lobby", enabled: false });
  ann.say({ type: "lock", locked: true });
  await assert.rejects(enter(), hasCode("room-locked"));
  fixture.clock.endTurn();

  assert.deepEqual(ann.heard(), []);
  assert.deepEqual(reasons, []);
});

Deno.test("[TO2] Hub.enterWithoutSocket refuses a room whose media do not go through the server", async () => {
  const { fixture, enter } = makeFixture();
  fixture.join("test", "old");
  await assert.rejects(enter(), hasCode("not-allowed"));
  const without = makeFixture({ media: undefined });

  await assert.rejects(without.enter(), hasCode("not-allowed"));
  assert.equal(without.fixture.hub.registry.size, 0);
});

Deno.test("[PC2] Hub.enterWithoutSocket checks the passcode", async () => {
  const { fixture, enter } = makeFixture();
  const ann = fixture.connect();
  ann.heard();
  ann.say({ type: "join", roomId: "test", userId: "ann", sfu: true, passcode: "open" });
  await ann.untilHeard();

  await assert.rejects(enter(), hasCode("bad-passcode"));
  await assert.rejects(enter({ passcode: "wrong" }), hasCode("bad-passcode"));

  assert.equal((await enter({ passcode: "open" })).userId, "cam");
});

Deno.test("[LE2, LE3] SocketlessSeat.leave leaves once, and is told to nobody but the others", async () => {
  const { plane, fixture, enter, reasons } = makeFixture();
  const seat = await enter();
  const ann = fixture.join("test", "ann", { sfu: true });

  seat.leave();
  seat.leave();
  fixture.clock.endTurn();

  const left = { type: "user-left", roomId: "test", userId: "cam", reason: "left" };
  assert.deepEqual(ann.heard(), [left]);
  assert.deepEqual(reasons, []);
  assert.equal(plane.room.calls.at(-1), "remove cam");
});

Deno.test("[HO2, HO3] Hub.enterWithoutSocket makes nobody host, who could ask for nothing", async () => {
  const { fixture, enter } = makeFixture();
  await enter();
  const ann = fixture.connect();
  ann.heard();
  ann.say({ type: "join", roomId: "test", userId: "ann", sfu: true });

  const [joined] = ann.heard();
  assert.ok(joined?.type === "joined");
  assert.deepEqual(joined.participants.map(({ userId, host }) => [userId, host]), [
    ["cam", undefined],
    ["ann", true],
  ]);
  ann.say({ type: "leave" });
  const room = fixture.hub.registry.get(roomId("test"));
  assert.equal(room?.participants[0]?.view.host, undefined);
});

Deno.test("[HO1, CR7] Hub.enterWithoutSocket takes the host key, and nobody inherits from its holder", async () => {
  const { fixture, enter } = makeFixture();
  const { roomId: code, hostKey } = fixture.hub.registry.reserveCode({ kind: "live" });
  const fields = { roomId: code, role: "broadcaster" };

  await assert.rejects(enter(fields), hasCode("not-allowed"));
  await assert.rejects(enter({ ...fields, hostKey: "guess" }), hasCode("not-allowed"));
  await enter({ ...fields, hostKey });
  const eve = fixture.join(code, "eve", { sfu: true });

  const room = fixture.hub.registry.get(code);
  assert.deepEqual(room?.participants.map(({ role, view }) => [role, view.host]), [
    ["broadcaster", true],
    ["participant", undefined],
  ]);
  eve.heard();
  eve.say({ type: "kick", userId: "cam" });
  const [refused] = eve.heard();
  assert.equal(refused?.type === "error" && refused.code, "not-allowed");
});

Deno.test("[LE5] SocketlessSeat.leave destroys the room of which it was the last member", async () => {
  const { plane, fixture, enter } = makeFixture();
  const seat = await enter();

  seat.leave();

  assert.equal(fixture.hub.registry.size, 0);
  assert.equal(plane.room.calls.at(-1), "close");
  await assert.rejects(seat.publish(OFFER), hasCode("not-allowed"));
});

Deno.test("[KI1, KI5, EN1] SocketlessSeat is told once what ended its stay", async () => {
  for (
    const [reason, end] of [
      ["kicked", ({ ann }) => ann.say({ type: "kick", userId: "cam" })],
      ["kicked", ({ fixture }) => fixture.hub.kick(roomId("test"), cam)],
      ["room-ended", ({ ann }) => ann.say({ type: "end-room" })],
      ["room-ended", ({ fixture }) => fixture.hub.endRoom(roomId("test"))],
      ["room-ended", ({ fixture }) => void fixture.hub.close({ reconnectAfterMs: 0, drainMs: 0 })],
    ] as [LeaveReason, (all: ReturnType<typeof seatAll>) => void][]
  ) {
    const all = seatAll();
    const seat = await all.enter();

    end(all);
    await Promise.resolve();
    seat.leave();
    all.plane.room.events.connectionLost(cam, "publisher");

    assert.deepEqual(all.reasons, [reason]);
  }
});

Deno.test("[SB5] SocketlessSeat ends with its connection to the server, and the others are told", async () => {
  const { fixture, enter, reasons, plane } = makeFixture();
  const ann = fixture.join("test", "ann", { sfu: true });
  await enter();
  fixture.clock.endTurn();
  ann.heard();

  plane.room.events.connectionLost(cam, "subscriber");
  assert.deepEqual(reasons, []);
  plane.room.events.connectionLost(cam, "publisher");
  fixture.clock.endTurn();

  assert.deepEqual(reasons, ["disconnected"]);
  const left = { type: "user-left", roomId: "test", userId: "cam", reason: "disconnected" };
  assert.deepEqual(ann.heard(), [left]);
});

Deno.test("[SB5] SocketlessSeat of a viewer ends with the connection over which it receives", async () => {
  const { fixture, enter, reasons, plane } = makeFixture();
  fixture.join("test", "ann", { sfu: true });
  await enter({ role: "viewer" });

  plane.room.events.connectionLost(cam, "publisher");
  assert.deepEqual(reasons, []);
  plane.room.events.connectionLost(cam, "subscriber");

  assert.deepEqual(reasons, ["disconnected"]);
});

Deno.test("[TO3, TO4] SocketlessSeat ends 10 s after somebody has come who cannot", async () => {
  const { fixture, enter, reasons } = makeFixture();
  const ann = fixture.join("test", "ann", { sfu: true });
  await enter();
  const old = fixture.join("test", "old");
  ann.heard();

  fixture.clock.advance(9_999);
  assert.deepEqual(reasons, []);
  fixture.clock.advance(1);

  assert.deepEqual(reasons, ["disconnected"]);
  assert.deepEqual(ann.heardTypes(), ["media-lost", "media-lost", "user-left"]);
  assert.deepEqual(old.heardTypes(), ["user-left"]);
});

Deno.test("[ER4] Hub.enterWithoutSocket lets nobody in while the server stops", async () => {
  const { fixture, enter } = makeFixture();
  const closing = fixture.hub.close({ reconnectAfterMs: 0, drainMs: 0 });

  await assert.rejects(enter(), hasCode("server-shutting-down"));

  await closing;
});

Deno.test("RoomListener hears of a stay without a socket as of any other", async () => {
  const events: string[] = [];
  const { enter } = makeFixture({ roomListener: { happened: ({ type }) => events.push(type) } });

  (await enter()).leave();

  assert.deepEqual(events, [
    "room-started",
    "participant-joined",
    "participant-left",
    "room-ended",
  ]);
});

/** Ann is the host of the room. */
function seatAll() {
  const all = makeFixture();
  return { ...all, ann: all.fixture.join("test", "ann", { sfu: true }) };
}
