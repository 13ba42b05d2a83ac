/** The door of a room with a lobby: who waits, who is told, and who opens it. */
import assert from "node:assert/strict";
import { userId } from "../support/messages.ts";
import {
  admit,
  AT,
  enter,
  hasCode,
  hostsOf,
  lobby,
  makeRoom,
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
