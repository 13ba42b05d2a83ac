/** The door of a room: who waits, who is told, who opens it, and who may broadcast. */
import assert from "node:assert/strict";
import { ProtocolError } from "../../src/protocol/mod.ts";
import { userId } from "../support/messages.ts";
import {
  admit,
  AT,
  enter,
  hasCode,
  hostsOf,
  lobby,
  makeRoom,
  type More,
  said,
} from "../support/room_fixture.ts";

Deno.test("[LB2, LB3] enterOrWait has a joiner wait, who learns nothing, and the host hears a knock", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  enter(room, "bob");
  assert.deepEqual(said(room.moderation.lobby(ann, lobby(true))), ["bob: room-updated"]);

  // An id that is taken inside is no reason to say so outside.
  const { participant, outcome } = room.join({ userId: userId("bob"), role: "viewer" }, AT);

  assert.deepEqual(outcome.reply, { type: "waiting", roomId: "test", userId: "bob" });
  assert.deepEqual(said(outcome), ["ann: knock bob"]);
  assert.deepEqual([participant.isWaiting, room.size], [true, 2]);
  assert.throws(() => enter(room, "bob"), hasCode("user-id-taken"));
});

Deno.test("[LB3, LB6] depart tells hosts who waits no more, and an heir who waits already", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  enter(room, "heir");
  room.moderation.lobby(ann, lobby(true));
  const bob = enter(room, "bob");
  enter(room, "cat");

  assert.deepEqual(said(room.leave(bob, "disconnected")), ["ann: knock-ended bob disconnected"]);
  assert.deepEqual(said(room.leave(ann, "left")), [
    "heir: user-left ann left",
    "heir: host-changed heir",
    "heir: knock cat",
  ]);
});

Deno.test("[LB8] enterOrWait makes nobody host of a room that waits for its host", () => {
  const room = makeRoom({ hasLobby: true });
  const early = enter(room, "early");

  assert.throws(() => room.moderation.admit(early, admit("early"), AT), hasCode("not-allowed"));
  assert.deepEqual([room.size, room.isOver], [0, false]);
  const outcome = room.join({ userId: userId("ann"), mayHost: true }, AT).outcome;

  assert.deepEqual(said(outcome), ["ann: knock early"]);
  assert.deepEqual(hostsOf(room), ["ann"]);
});

Deno.test("[CR7] enterOrWait refuses a broadcaster without the host key, who is there or not", () => {
  const room = makeRoom({ kind: "live" });
  const refuse = (user: string, more: More = {}) =>
    assert.throws(
      () => enter(room, user, { role: "broadcaster", ...more }),
      (error: unknown) =>
        error instanceof ProtocolError && error.code === "not-allowed" &&
        /with the room's host key.*as viewer/.test(error.message),
    );

  refuse("eve");
  refuse("eve", { mayHost: false });
  assert.equal(room.size, 0);
  const ann = enter(room, "ann", { role: "broadcaster", mayHost: true });
  const vic = enter(room, "vic", { role: "viewer" });
  refuse("eve");
  room.leave(ann, "disconnected");
  refuse("eve");
  refuse("ann");

  assert.deepEqual(room.participants, [vic]);
  enter(room, "ann", { role: "broadcaster", mayHost: true });
});

Deno.test("[CR7] enterOrWait lets broadcast by a token that makes nobody host", () => {
  const room = makeRoom({ kind: "live" });

  enter(room, "ann", { role: "broadcaster", mayHost: false, mayBroadcast: true });

  assert.deepEqual(hostsOf(room), []);
  assert.deepEqual(room.participants.map(({ role }) => role), ["broadcaster"]);
});

Deno.test("[CR7] enterOrWait asks no key of others, nor in a meeting or a live room without one", () => {
  const code = makeRoom({ kind: "live" });
  enter(code, "ann");
  enter(code, "vic", { role: "viewer" });

  for (const room of [makeRoom(), makeRoom({ kind: "live", hasHostKey: false })]) {
    room.leave(enter(room, "ann", { role: "broadcaster" }), "left");
    enter(room, "bob", { role: "broadcaster" });
    assert.equal(room.size, 1);
  }
  assert.equal(code.size, 2);
});

Deno.test("[CR7] enterOrWait has no broadcaster wait who may not be one, or a host might admit it", () => {
  const room = makeRoom({ kind: "live", hasLobby: true });
  const ann = enter(room, "ann", { mayHost: true });

  assert.throws(() => enter(room, "eve", { role: "broadcaster" }), hasCode("not-allowed"));

  assert.throws(
    () => room.moderation.admit(ann, admit("eve"), AT),
    hasCode("no-such-participant"),
  );
  const star = enter(room, "star", { role: "broadcaster", mayBroadcast: true });
  assert.deepEqual([star.isWaiting, room.size], [true, 1]);
});
