/** The registry: rooms that come and go, reserved codes, statistics that fall due. */
import assert from "node:assert/strict";
import { ProtocolError, type RoomKind } from "../../src/protocol/mod.ts";
import { type Outbound, RoomRegistry } from "../../src/rooms/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { clientMessage, roomId, userId } from "../support/messages.ts";
import { ScriptedRandom } from "../support/scripted_random.ts";

function makeRegistry(
  options: { maxRooms?: number; maxParticipants?: number; draws?: number[] } = {},
) {
  const clock = new FakeClock();
  const delivered: Outbound[] = [];
  const registry = new RoomRegistry({
    clock,
    random: new ScriptedRandom(...options.draws ?? []),
    maxRooms: options.maxRooms ?? 10,
    maxParticipants: options.maxParticipants ?? 10,
    maxFrameBytes: 1_000,
    deliver: (outbound) => delivered.push(...outbound),
  });
  const join = (room: string, user?: string, more: Record<string, unknown> = {}) =>
    registry.join(clientMessage("join", { roomId: room, userId: user, ...more }));
  const reserve = (kind: RoomKind, hasLobby = false) =>
    registry.reserveCode({ kind, hasLobby }).roomId;
  return { clock, registry, delivered, join, reserve };
}

function hasCode(code: string) {
  return (error: unknown) => error instanceof ProtocolError && error.code === code;
}

Deno.test("[JO1] RoomRegistry.join creates the room with the first join", () => {
  const { registry, join } = makeRegistry();

  join("test", "ann");

  assert.equal(registry.size, 1);
  assert.equal(registry.get(roomId("test"))?.size, 1);
});

Deno.test("[JO1] RoomRegistry.join makes a user id where none is given", () => {
  const { join } = makeRegistry();

  const first = join("test").seat.participant.userId;
  const second = join("test").seat.participant.userId;

  assert.match(first, /^user-/);
  assert.notEqual(first, second);
});

Deno.test("[LE5] RoomRegistry.leave destroys the room with the last leave", () => {
  const { registry, join } = makeRegistry();
  const ann = join("test", "ann").seat;
  const bob = join("test", "bob").seat;

  registry.leave(ann, "left");
  assert.equal(registry.size, 1);
  registry.leave(bob, "left");

  assert.equal(registry.size, 0);
  assert.equal(registry.participantCount, 0);
  assert.equal(registry.get(roomId("test")), undefined);
});

Deno.test("[LE5] RoomRegistry gives a destroyed room's id to a new room", () => {
  const { registry, clock, join } = makeRegistry();
  registry.leave(join("test", "ann").seat, "left");
  clock.advance(1_000);

  const { room } = join("test", "ann").seat;

  assert.equal(room.view.createdAt, clock.now());
  assert.equal(room.size, 1);
});

Deno.test("[JO6] RoomRegistry.join refuses a viewer where there is no room", () => {
  const { registry, join } = makeRegistry();

  assert.throws(() => join("test", "vic", { role: "viewer" }), hasCode("room-not-found"));

  assert.equal(registry.size, 0);
});

Deno.test("[JO7] RoomRegistry.join gives the room the kind of its first member", () => {
  const { join } = makeRegistry();

  assert.equal(join("a", "ann").seat.room.view.kind, "meeting");
  assert.equal(join("b", "bob", { role: "broadcaster" }).seat.room.view.kind, "live");
});

Deno.test("[JO8] RoomRegistry.join leaves nothing behind when a join is refused", () => {
  const { registry, join } = makeRegistry({ maxParticipants: 1 });
  join("test", "ann");

  assert.throws(() => join("test", "bob"), hasCode("room-full"));

  assert.equal(registry.participantCount, 1);
  assert.equal(registry.get(roomId("test"))?.has("bob" as never), false);
});

Deno.test("[LI1] RoomRegistry.join refuses a room beyond the bound", () => {
  const { registry, join } = makeRegistry({ maxRooms: 1 });
  join("one", "ann");

  assert.throws(() => join("two", "bob"), hasCode("too-many-rooms"));
  join("one", "bob");

  assert.equal(registry.size, 1);
});

Deno.test("[CR1] RoomRegistry.reserveCode gives six digits and never a code in use", () => {
  const { join, reserve } = makeRegistry({ draws: [42, 42, 7, 8] });
  join("000007", "ann");

  const first = reserve("live");
  const second = reserve("live");

  assert.equal(first, "000042");
  assert.equal(second, "000008");
});

Deno.test("[CR3] RoomRegistry.join turns a reserved code into a room of its kind", () => {
  const { join, reserve } = makeRegistry({ draws: [42, 43] });
  const code = reserve("live");

  assert.throws(() => join(code, "vic", { role: "viewer" }), hasCode("room-not-found"));
  const { room } = join(code, "ann").seat;

  assert.equal(room.view.kind, "live");
});

Deno.test("[CR3] RoomRegistry.reserveCode gives a code again when its reservation is over", () => {
  const { clock, reserve } = makeRegistry({ draws: [42] });
  const first = reserve("live");
  clock.advance(10 * 60_000);

  const second = reserve("meeting");

  assert.equal(second, first);
});

Deno.test("[CR3] RoomRegistry frees a code for anyone once its room is destroyed", () => {
  const { registry, join, reserve } = makeRegistry({ draws: [42] });
  const code = reserve("live");
  registry.leave(join(code, "ann").seat, "left");

  assert.equal(reserve("live"), code);
});

Deno.test("[CR4] RoomRegistry.reserveCode counts rooms and codes together", () => {
  const { registry, join, reserve } = makeRegistry({ maxRooms: 2, draws: [1, 2, 3] });
  join("test", "ann");
  const code = reserve("meeting");

  assert.throws(() => reserve("meeting"), hasCode("too-many-rooms"));
  assert.throws(() => join("other", "bob"), hasCode("too-many-rooms"));
  join(code, "bob");

  assert.equal(registry.size, 2);
});

Deno.test("[CR1] RoomRegistry.reserveCode gives up when every draw is in use", () => {
  const { reserve } = makeRegistry({ draws: [42] });
  reserve("live");

  assert.throws(() => reserve("live"), RangeError);
});

Deno.test("[LE6] RoomRegistry.end tells each participant and frees the id", () => {
  const { registry, join } = makeRegistry();
  const ann = join("test", "ann").seat;
  const bob = join("test", "bob").seat;

  const { unseated, outbound } = registry.end(roomId("test"));

  assert.deepEqual(unseated, [ann.participant, bob.participant]);
  assert.deepEqual(outbound.map(({ to, message }) => ({ to: to[0]?.userId, message })), [
    { to: "ann", message: { type: "leaved", roomId: "test", userId: "ann", reason: "room-ended" } },
    { to: "bob", message: { type: "leaved", roomId: "test", userId: "bob", reason: "room-ended" } },
  ]);
  assert.equal(registry.size, 0);
  assert.equal(registry.participantCount, 0);
});

Deno.test("[LE6] RoomRegistry.end refuses a room that does not exist", () => {
  const { registry } = makeRegistry();

  assert.throws(() => registry.end(roomId("test")), hasCode("room-not-found"));
});

Deno.test("[EN1, LB7] RoomRegistry ends a room for those who wait too, by end or by the last leave", () => {
  const { registry, join, reserve } = makeRegistry({ draws: [42, 43] });
  for (const end of ["end", "leave"] as const) {
    const code = reserve("meeting", true);
    const hostKey = `${end === "end" ? 1 : 2}`.padStart(22, "0");
    const waiting = join(code, "bob").seat.participant;
    const host = join(code, "ann", { hostKey }).seat;

    const { outbound, unseated } = end === "end"
      ? registry.end(code)
      : registry.leave(host, "left");

    assert.ok(unseated?.includes(waiting));
    const told = outbound.filter(({ to }) => to[0] === waiting).map(({ message }) => message);
    assert.deepEqual(told, [
      { type: "leaved", roomId: code, userId: "bob", reason: "room-ended" },
    ]);
    assert.equal(registry.size, 0);
  }
});

Deno.test("[CR5] RoomRegistry.join makes the holder of the host key host, who was first or not", () => {
  const { registry, join } = makeRegistry({ draws: [42] });
  const { roomId: code, hostKey } = registry.reserveCode({ kind: "live" });
  const first = join(code, "ann").seat.participant;

  assert.throws(() => join(code, "eve", { hostKey: "guess" }), hasCode("not-allowed"));
  const owner = join(code, "bob", { hostKey }).seat.participant;

  assert.deepEqual([first.view.host, owner.view.host], [true, true]);
  assert.throws(() => join("other", "eve", { hostKey }), hasCode("not-allowed"));
  assert.equal(registry.get(roomId("other")), undefined);
});

Deno.test("[CR7] RoomRegistry.join gives a live room's code to nobody before its owner", () => {
  const { registry, join } = makeRegistry({ draws: [42] });
  const { roomId: code, hostKey } = registry.reserveCode({ kind: "live" });
  const role = "broadcaster";

  assert.throws(() => join(code, "eve", { role }), hasCode("not-allowed"));
  assert.throws(() => join(code, "eve", { role, hostKey: "guess" }), hasCode("not-allowed"));
  assert.deepEqual([registry.size, registry.reservedCount], [0, 1]);
  const { seat } = join(code, "ann", { role, hostKey });
  join(code, "vic", { role: "viewer" });
  registry.leave(seat, "left");

  assert.throws(() => join(code, "eve", { role }), hasCode("not-allowed"));
  assert.equal(join(code, "ann", { role, hostKey }).seat.participant.view.host, true);
});

Deno.test("[CR7, LE5] RoomRegistry.join asks no key of a code whose room has ended", () => {
  const { registry, join } = makeRegistry({ draws: [42] });
  const { roomId: code, hostKey } = registry.reserveCode({ kind: "live" });
  const role = "broadcaster";
  registry.leave(join(code, "ann", { role, hostKey }).seat, "left");

  assert.throws(() => join(code, "ann", { role, hostKey }), hasCode("not-allowed"));

  assert.equal(join(code, "ann", { role }).seat.room.view.kind, "live");
});

Deno.test("[LB8] RoomRegistry keeps a lobby closed to those who come early, leave and come again", () => {
  const { registry, join, reserve } = makeRegistry({ draws: [42] });
  const code = reserve("meeting", true);

  for (const attempt of [1, 2, 3]) {
    const { seat, outcome } = join(code, `early-${attempt}`);
    assert.equal(outcome.reply?.type, "waiting");
    assert.equal(registry.get(code), undefined, "a room without its host is in no list");
    assert.deepEqual(registry.rooms(), []);
    registry.leave(seat, "left");
    assert.equal(registry.size, 0);
  }
  assert.throws(() => join(code, "vic", { role: "viewer" }), hasCode("room-not-found"));

  assert.equal(join(code, "ann", { hostKey: "1".padStart(22, "0") }).outcome.reply?.type, "joined");
  assert.equal(join(code, "bob").outcome.reply?.type, "waiting");
});

Deno.test("[KI4] RoomRegistry forgets who was kicked with the room", () => {
  const { registry, join } = makeRegistry();
  const ann = join("test", "ann").seat;
  join("test", "bob");
  ann.room.moderation.kick(ann.participant, clientMessage("kick", { userId: "bob" }));
  assert.throws(() => join("test", "bob"), hasCode("not-allowed"));
  registry.leave(ann, "left");

  assert.equal(join("test", "bob").outcome.reply?.type, "joined");
});

Deno.test("[SS1] [SS2] RoomRegistry sums up the reports of a room every two seconds", () => {
  const { registry, clock, delivered, join } = makeRegistry();
  const ann = join("live", "ann", { role: "broadcaster" }).seat;
  const vic = join("live", "vic", { role: "viewer" }).seat;
  registry.reportStats(ann, clientMessage("stats", { bitrateKbps: 1800 }));
  registry.reportStats(vic, clientMessage("stats", { bitrateKbps: 900, path: "turn" }));

  clock.advance(1_999);
  assert.equal(delivered.length, 0);
  clock.advance(1);

  assert.deepEqual(
    delivered.map(({ to, message }) => ({ to: to.map((one) => one.userId), message })),
    [{
      to: ["ann", "vic"],
      message: { type: "stats-summary", viewerCount: 1, bitrateKbps: 1800, paths: { turn: 1 } },
    }],
  );
});

Deno.test("[SS2] RoomRegistry sums up how long media took each path, where anybody said so", () => {
  const { registry, clock, delivered, join } = makeRegistry();
  const [ann, vic, wim] = ["ann", "vic", "wim"].map((user) => join("live", user).seat);
  registry.reportStats(ann!, clientMessage("stats", { pathMs: { p2p: 9_000 } }));
  registry.reportStats(ann!, clientMessage("stats", { pathMs: { relay: 40, p2p: 10_000 } }));
  registry.reportStats(vic!, clientMessage("stats", { pathMs: { turn: 7, p2p: 0.5 } }));
  registry.reportStats(wim!, clientMessage("stats", { path: "sfu" }));

  clock.advance(2_000);

  assert.deepEqual(delivered[0]?.message, {
    type: "stats-summary",
    viewerCount: 0,
    bitrateKbps: 0,
    paths: { sfu: 1 },
    pathMs: { p2p: 10_000.5, turn: 7, relay: 40 },
  });
});

Deno.test("[SS2] RoomRegistry runs no timer while nobody reports", () => {
  const { registry, clock, delivered, join } = makeRegistry();
  const { seat } = join("live", "ann");
  assert.equal(clock.pending, 0);
  registry.reportStats(seat, clientMessage("stats", { bitrateKbps: 1 }));

  clock.advance(10_000);

  assert.equal(delivered.length, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("[SS3] RoomRegistry forgets the reports of those who left, and of rooms that are gone", () => {
  const { registry, clock, delivered, join } = makeRegistry();
  const ann = join("live", "ann").seat;
  const bob = join("live", "bob").seat;
  registry.reportStats(ann, clientMessage("stats", { bitrateKbps: 5, path: "p2p" }));
  registry.reportStats(bob, clientMessage("stats", { bitrateKbps: 7, path: "sfu" }));
  registry.leave(ann, "left");

  clock.advance(2_000);
  assert.deepEqual(delivered.map(({ message }) => message), [
    { type: "stats-summary", viewerCount: 0, bitrateKbps: 7, paths: { sfu: 1 } },
  ]);

  registry.reportStats(bob, clientMessage("stats", { bitrateKbps: 7 }));
  registry.leave(bob, "left");
  clock.advance(10_000);
  assert.equal(delivered.length, 1);
});

Deno.test("[KI5] RoomRegistry.kick destroys a room that is left empty, for who waits too", () => {
  const { registry, join } = makeRegistry();
  const { room, participant } = join("test", "ann").seat;
  room.moderation.lobby(participant, clientMessage("lobby", { enabled: true }));
  const bob = join("test", "bob").seat.participant;

  const { outbound, unseated } = registry.kick(roomId("test"), userId("ann"));

  assert.deepEqual(unseated, [participant, bob]);
  assert.deepEqual(
    outbound.filter(({ to }) => to.length > 0).map(({ to, message }) => [to, message.type]),
    [[[participant], "leaved"], [[bob], "leaved"]],
  );
  assert.equal(registry.size, 0);
  assert.throws(() => registry.kick(roomId("test"), userId("ann")), hasCode("room-not-found"));
});

Deno.test("[CR3] RoomRegistry counts a reserved code until it is a room, or its time is over", () => {
  const { registry, clock, join } = makeRegistry({ draws: [111111, 222222] });
  const { roomId } = registry.reserveCode({ kind: "meeting" });
  registry.reserveCode({ kind: "live" });
  assert.equal(registry.reservedCount, 2);

  join(roomId, "ann");
  assert.equal(registry.reservedCount, 1);
  clock.advance(10 * 60_000);

  assert.equal(registry.reservedCount, 0);
});

Deno.test("RoomRegistry.close forgets the rooms and stops its timer, twice as well", () => {
  const { registry, clock, join } = makeRegistry();
  registry.reportStats(join("live", "ann").seat, clientMessage("stats"));

  registry.close();
  registry.close();

  assert.equal(registry.size, 0);
  assert.equal(clock.pending, 0);
});
