/** What a host may do to its room, and nobody else. */
import assert from "node:assert/strict";
import { clientMessage, userId } from "../support/messages.ts";
import {
  admit,
  AT,
  deny,
  enter,
  hasCode,
  kick,
  lobby,
  lock,
  makeRoom,
  said,
} from "../support/room_fixture.ts";

const HOST_ONLY = ["kick", "mute", "lock", "lobby", "admit", "deny"] as const;

for (const type of HOST_ONLY) {
  Deno.test(`[HO4] Moderation.${type} refuses who is not host, and tells it nothing else`, () => {
    const room = makeRoom();
    enter(room, "ann");
    const bob = enter(room, "bob");
    const fields = { userId: "nobody", kind: "audio", locked: true, enabled: true };
    const { moderation } = room;
    const attempt = {
      kick: () => moderation.kick(bob, clientMessage("kick", fields)),
      mute: () => moderation.mute(bob, clientMessage("mute", fields)),
      lock: () => moderation.lock(bob, clientMessage("lock", fields)),
      lobby: () => moderation.lobby(bob, clientMessage("lobby", fields)),
      admit: () => moderation.admit(bob, clientMessage("admit", fields), AT),
      deny: () => moderation.deny(bob, clientMessage("deny", fields)),
    }[type];

    assert.throws(attempt, hasCode("not-allowed"));

    assert.deepEqual([room.size, room.view.locked, room.view.lobby], [2, undefined, undefined]);
  });
}

Deno.test("[HO4] Moderation refuses who was host and has left", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  enter(room, "bob");
  room.leave(ann, "left");

  assert.throws(() => room.moderation.kick(ann, kick("bob")), hasCode("not-allowed"));
});

Deno.test("[KI1] Moderation.kick tells the kicked and those who stay, and frees the seat", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  const bob = enter(room, "bob");
  enter(room, "cat");

  const outcome = room.moderation.kick(ann, kick("bob"));

  assert.deepEqual(said(outcome), ["bob: leaved bob kicked", "ann,cat: user-left bob kicked"]);
  assert.deepEqual(outcome.unseated, [bob]);
  assert.equal(room.size, 2);
});

Deno.test("[KI1] Moderation.kick refuses the unknown and the sender itself", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");

  assert.throws(() => room.moderation.kick(ann, kick("zoe")), hasCode("no-such-participant"));
  assert.throws(() => room.moderation.kick(ann, kick("ann")), hasCode("not-allowed"));
});

Deno.test("[KI1] Moderation.kick takes one who waits, who cannot knock again", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  room.moderation.lobby(ann, lobby(true));
  enter(room, "bob");

  const outcome = room.moderation.kick(ann, kick("bob"));

  assert.deepEqual(said(outcome), ["bob: leaved bob kicked", "ann: knock-ended bob kicked"]);
  assert.throws(() => enter(room, "bob"), hasCode("not-allowed"));
});

Deno.test("[KI5] Moderation.kickByAdministrator takes a member, a host, and one who waits", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  const bob = enter(room, "bob");
  room.moderation.lobby(ann, lobby(true));
  const cat = enter(room, "cat");
  const byAdministrator = (user: string) => room.moderation.kickByAdministrator(userId(user));

  const host = byAdministrator("ann");
  const waiting = byAdministrator("cat");

  assert.deepEqual(said(host), [
    "ann: leaved ann kicked",
    "bob: user-left ann kicked",
    "bob: host-changed bob",
    "bob: knock cat",
  ]);
  assert.deepEqual(said(waiting), ["cat: leaved cat kicked", "bob: knock-ended cat kicked"]);
  assert.deepEqual([host.unseated, waiting.unseated], [[ann], [cat]]);
  assert.deepEqual(room.participants, [bob]);
  assert.throws(() => byAdministrator("ann"), hasCode("no-such-participant"));
  assert.throws(() => enter(room, "ann"), hasCode("not-allowed"));
});

Deno.test("[MU1] Moderation.mute asks the one who is meant, and changes nothing", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  const bob = enter(room, "bob");

  const { outbound } = room.moderation.mute(
    ann,
    clientMessage("mute", { userId: "bob", kind: "audio" }),
  );

  assert.deepEqual(outbound, [{
    to: [bob],
    message: { type: "mute", from: "ann", kind: "audio" },
  }]);
  assert.deepEqual(bob.view.state, {});
  const mute = (user: string) =>
    room.moderation.mute(ann, clientMessage("mute", { userId: user, kind: "video" }));
  assert.throws(() => mute("zoe"), hasCode("no-such-participant"));
  assert.throws(() => mute("ann"), hasCode("not-allowed"));
});

Deno.test("[LK1] Moderation.lock keeps everyone out but a host by grant, and opens again", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  const bob = enter(room, "bob");
  room.moderation.lock(ann, lock(true));

  assert.throws(() => enter(room, "cat"), hasCode("room-locked"));
  assert.throws(() => enter(room, "vic", { role: "viewer" }), hasCode("room-locked"));
  // Who left, and who takes the id of somebody present, learns the same.
  room.leave(bob, "left");
  assert.throws(() => enter(room, "bob"), hasCode("room-locked"));
  assert.throws(() => enter(room, "ann"), hasCode("room-locked"));
  enter(room, "dan", { mayHost: true });
  room.moderation.lock(ann, lock(false));
  enter(room, "bob");

  assert.equal(room.size, 3);
});

Deno.test("[LK2] Moderation.lock tells the others, and nobody when it changes nothing", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  enter(room, "bob");

  const { outbound } = room.moderation.lock(ann, lock(true));

  assert.deepEqual(said({ outbound }), ["bob: room-updated"]);
  assert.equal(
    outbound[0]?.message.type === "room-updated" && outbound[0].message.room.locked,
    true,
  );
  assert.deepEqual(said(room.moderation.lock(ann, lock(true))), []);
  room.moderation.lock(ann, lock(false));
  assert.equal("locked" in room.view, false);
});

Deno.test("[LB1] Moderation.lobby switched off lets later ones in, and those who wait go on", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  room.moderation.lobby(ann, lobby(true));
  enter(room, "bob");

  room.moderation.lobby(ann, lobby(false));
  enter(room, "cat");

  assert.deepEqual(room.participants.map((one) => one.userId), ["ann", "cat"]);
  assert.deepEqual(room.waiting.map((one) => one.userId), ["bob"]);
});

Deno.test("[LB4] Moderation.admit lets in the one who is meant, and nobody else", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  room.moderation.lobby(ann, lobby(true));
  enter(room, "bob");
  enter(room, "cat");

  const outcome = room.moderation.admit(ann, admit("cat"), AT + 5);

  assert.deepEqual(said(outcome), ["cat: joined cat", "ann: user-joined cat"]);
  assert.deepEqual(room.participants.map(({ view }) => [view.userId, view.joinedAt]), [
    ["ann", AT],
    ["cat", AT + 5],
  ]);
  assert.deepEqual(room.waiting.map((one) => one.userId), ["bob"]);
  assert.throws(
    () => room.moderation.admit(ann, admit("cat"), AT),
    hasCode("no-such-participant"),
  );
});

Deno.test("[LB4] Moderation.admit refuses one who cannot be a member now, and it goes on waiting", () => {
  const room = makeRoom({ maxParticipants: 2 });
  const ann = enter(room, "ann");
  room.moderation.lobby(ann, lobby(true));
  enter(room, "ann");
  enter(room, "bob");

  assert.throws(() => room.moderation.admit(ann, admit("ann"), AT), hasCode("user-id-taken"));
  room.moderation.admit(ann, admit("bob"), AT);
  assert.throws(() => enter(room, "ann"), hasCode("user-id-taken"));
  enter(room, "cat");
  assert.throws(() => room.moderation.admit(ann, admit("cat"), AT), hasCode("room-full"));
  assert.throws(() => enter(room, "dan"), hasCode("room-full"));

  assert.deepEqual(room.waiting.map((one) => one.userId), ["ann", "cat"]);
});

Deno.test("[LB5] Moderation.deny sends away one who waits, who may knock again", () => {
  const room = makeRoom();
  const ann = enter(room, "ann");
  room.moderation.lobby(ann, lobby(true));
  const bob = enter(room, "bob");

  const outcome = room.moderation.deny(ann, deny("bob"));

  assert.deepEqual(said(outcome), ["bob: leaved bob denied", "ann: knock-ended bob denied"]);
  assert.deepEqual(outcome.unseated, [bob]);
  assert.equal(enter(room, "bob").isWaiting, true);
  assert.throws(() => room.moderation.deny(ann, deny("zoe")), hasCode("no-such-participant"));
});
