/** What a room's members do, as those outside hear it: in order, complete, and with the counts. */
import assert from "node:assert/strict";
import type { Outcome, RoomEvent } from "../../src/rooms/mod.ts";
import { userId } from "../support/messages.ts";
import { admit, AT, deny, enter, kick, lobby, makeRoom } from "../support/room_fixture.ts";

/** Each event as `type user reason: participants`. */
function lines({ events = [] }: Pick<Outcome, "events">): string[] {
  return events.map((event) => {
    const user = "userId" in event ? ` ${event.userId}` : "";
    const reason = "reason" in event ? ` ${event.reason}` : "";
    return `${event.type}${user}${reason}: ${event.participants}`;
  });
}

Deno.test("joinedEvents opens the room with its first member, and with no other", () => {
  const room = makeRoom();

  const first = room.join({ userId: userId("ann") }, AT).outcome;
  const second = room.join({ userId: userId("bob") }, AT).outcome;

  assert.deepEqual(lines(first), ["room-started: 0", "participant-joined ann: 1"]);
  assert.deepEqual(lines(second), ["participant-joined bob: 2"]);
});

Deno.test("joinedEvents says who joined, and whether it is host", () => {
  const room = makeRoom();
  const names = { name: "Ann", role: "broadcaster" } as const;
  const first = room.join({ userId: userId("ann"), ...names }, AT).outcome;
  const second = room.join({ userId: userId("vic"), role: "viewer" }, AT).outcome;

  const shared = { type: "participant-joined", roomId: "test", kind: "meeting" };
  assert.deepEqual([first.events?.[1], second.events?.[0]], [
    { ...shared, userId: "ann", name: "Ann", role: "broadcaster", host: true, participants: 1 },
    { ...shared, userId: "vic", role: "viewer", participants: 2 },
  ]);
});

Deno.test("leftEvents tells the reason, the new host, and the end with the last member", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  const bob = enter(room, "bob");
  const cat = enter(room, "cat");

  assert.deepEqual(lines(room.leave(cat, "timeout")), ["participant-left cat timeout: 2"]);
  assert.deepEqual(lines(room.leave(ann, "left")), [
    "participant-left ann left: 1",
    "host-changed bob: 1",
  ]);
  assert.deepEqual(lines(room.leave(bob, "disconnected")), [
    "participant-left bob disconnected: 0",
    "room-ended: 0",
  ]);
});

Deno.test("leftEvents is about members: who waits neither joins nor leaves", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  room.moderation.lobby(ann, lobby(true));

  const waits = room.join({ userId: userId("bob") }, AT);
  const denied = room.moderation.deny(ann, deny("bob"));
  room.join({ userId: userId("cat") }, AT);
  const kicked = room.moderation.kick(ann, kick("cat"));
  room.join({ userId: userId("dan") }, AT);
  const admitted = room.moderation.admit(ann, admit("dan"), AT);

  assert.deepEqual([waits.outcome, denied, kicked, admitted].map(lines), [
    [],
    [],
    [],
    ["participant-joined dan: 2"],
  ]);
});

Deno.test("leftEvents follows a kick", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  enter(room, "bob");

  assert.deepEqual(lines(room.moderation.kick(ann, kick("bob"))), [
    "participant-left bob kicked: 1",
  ]);
});

Deno.test("endedEvents lets each member leave, in join order, before the room ends", () => {
  const room = makeRoom();
  enter(room, "ann");
  enter(room, "bob");

  assert.deepEqual(lines({ events: room.endedEvents }), [
    "participant-left ann room-ended: 1",
    "participant-left bob room-ended: 0",
    "room-ended: 0",
  ]);
});

Deno.test("endedEvents says nothing of a room that nobody entered", () => {
  const room = makeRoom({ hasLobby: true });
  room.join({ userId: userId("early") }, AT);

  const events: readonly RoomEvent[] = room.endedEvents;

  assert.deepEqual(events, []);
});
