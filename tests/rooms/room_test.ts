/** One room: who is told what by each request of a member. */
import assert from "node:assert/strict";
import { ProtocolError } from "../../src/protocol/mod.ts";
import { type Outcome, Room } from "../../src/rooms/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { clientMessage, roomId, userId } from "../support/messages.ts";

const AT = Date.UTC(2026, 0, 1);

function makeRoom(maxParticipants = 10): Room {
  return new Room({
    roomId: roomId("test"),
    kind: "meeting",
    createdAt: AT,
    maxParticipants,
    relay: { clock: new FakeClock(), deliver() {}, maxFrameBytes: 1_000 },
  });
}

function enter(room: Room, user: string, role?: "participant" | "broadcaster" | "viewer") {
  return room.join({ userId: userId(user), ...(role === undefined ? {} : { role }) }, AT);
}

function seatTwo(room: Room) {
  const ann = enter(room, "ann").participant;
  const bob = enter(room, "bob").participant;
  return { ann, bob };
}

function said(outcome: Outcome) {
  return outcome.outbound.map(({ to, message }) => ({ to: to.map((one) => one.userId), message }));
}

function hasCode(code: string) {
  return (error: unknown) => error instanceof ProtocolError && error.code === code;
}

Deno.test("[JO2] Room.join answers with everyone in join order, the joiner last", () => {
  const room = makeRoom();
  enter(room, "zoe");
  enter(room, "ann");

  const { outcome } = room.join({ userId: userId("bob"), name: "Bob", role: "viewer" }, AT + 5);

  assert.deepEqual(outcome.reply, {
    type: "joined",
    roomId: "test",
    userId: "bob",
    users: ["zoe", "ann", "bob"],
    participants: [
      { userId: "zoe", role: "participant", state: {}, joinedAt: AT, host: true },
      { userId: "ann", role: "participant", state: {}, joinedAt: AT },
      { userId: "bob", name: "Bob", role: "viewer", state: {}, joinedAt: AT + 5 },
    ],
    room: { roomId: "test", kind: "meeting", topology: "mesh", createdAt: AT },
  });
});

Deno.test("[JO3] Room.join tells those who were there, once, and not the joiner", () => {
  const room = makeRoom();
  seatTwo(room);

  const { outcome } = enter(room, "cat");

  assert.deepEqual(said(outcome), [{
    to: ["ann", "bob"],
    message: {
      type: "user-joined",
      roomId: "test",
      userId: "cat",
      participant: { userId: "cat", role: "participant", state: {}, joinedAt: AT },
    },
  }]);
});

Deno.test("[JO5] Room.join refuses a user id in use and changes nothing", () => {
  const room = makeRoom();
  const { ann } = seatTwo(room);

  assert.throws(() => enter(room, "ann"), hasCode("user-id-taken"));

  assert.equal(room.size, 2);
  assert.equal(room.participants[0], ann);
});

Deno.test("[JO5] Room.join takes a user id again when its holder has left", () => {
  const room = makeRoom();
  const { ann } = seatTwo(room);
  room.leave(ann, "left");

  enter(room, "ann");

  assert.deepEqual(room.participants.map((one) => one.userId), ["bob", "ann"]);
});

Deno.test("[JO6] Room.join refuses a second broadcaster until the first has left", () => {
  const room = makeRoom();
  const { participant } = enter(room, "ann", "broadcaster");

  assert.throws(() => enter(room, "bob", "broadcaster"), hasCode("broadcaster-taken"));
  room.leave(participant, "left");
  enter(room, "bob", "broadcaster");

  assert.deepEqual(room.participants.map((one) => one.role), ["broadcaster"]);
});

Deno.test("[LI1] Room.join refuses when full", () => {
  const room = makeRoom(2);
  seatTwo(room);

  assert.throws(() => enter(room, "cat"), hasCode("room-full"));

  assert.equal(room.size, 2);
});

Deno.test("[LE3] Room.leave tells those who stay, with the reason", () => {
  const room = makeRoom();
  const { bob } = seatTwo(room);

  const outcome = room.leave(bob, "disconnected");

  assert.deepEqual(outcome.reply, {
    type: "leaved",
    roomId: "test",
    userId: "bob",
    reason: "disconnected",
  });
  assert.deepEqual(said(outcome), [{
    to: ["ann"],
    message: { type: "user-left", roomId: "test", userId: "bob", reason: "disconnected" },
  }]);
});

Deno.test("[RL1] Room.relay passes a message to its addressee alone, from the sender", () => {
  const room = makeRoom();
  const { ann } = seatTwo(room);
  enter(room, "cat");
  const description = { type: "offer", sdp: "v=0\r\n" };

  const outcome = room.relay(
    ann,
    clientMessage("offer", { to: "bob", description, requestId: 7, trace: { id: "x" } }),
  );

  assert.equal(outcome.reply, undefined);
  assert.deepEqual(said(outcome), [{
    to: ["bob"],
    message: { type: "offer", description, trace: { id: "x" }, from: "ann" },
  }]);
});

Deno.test("[RL1] Room.relay passes a candidate and the end of candidates", () => {
  const room = makeRoom();
  const { bob } = seatTwo(room);
  const candidate = { candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid: "0" };

  const some = room.relay(bob, clientMessage("ice-candidate", { to: "ann", candidate }));
  const end = room.relay(bob, clientMessage("ice-candidate", { to: "ann", candidate: null }));

  assert.deepEqual(said(some)[0]?.message, { type: "ice-candidate", candidate, from: "bob" });
  assert.deepEqual(said(end)[0]?.message, { type: "ice-candidate", candidate: null, from: "bob" });
});

for (const type of ["offer", "chat", "data"] as const) {
  const body = {
    offer: { description: { type: "offer", sdp: "" } },
    chat: { text: "x" },
    data: { payload: 1 },
  };
  const send = (
    room: Room,
    sender: Parameters<Room["relay"]>[0],
    fields: Record<string, unknown>,
  ) => {
    const all = { ...body[type], ...fields };
    if (type === "offer") return room.relay(sender, clientMessage(type, all));
    if (type === "chat") return room.chat(sender, clientMessage(type, all), AT);
    return room.data(sender, clientMessage(type, all), AT);
  };

  Deno.test(`[RL2] Room refuses ${type} to someone who is not in the room`, () => {
    const room = makeRoom();
    const { ann } = seatTwo(room);

    assert.throws(() => send(room, ann, { to: "zoe" }), hasCode("no-such-participant"));
  });

  Deno.test(`[RL3] Room refuses ${type} to the sender itself`, () => {
    const room = makeRoom();
    const { ann } = seatTwo(room);

    assert.throws(() => send(room, ann, { to: "ann" }), hasCode("not-allowed"));
  });

  Deno.test(`[RL4] Room refuses ${type} with a forged from, and takes the sender's own`, () => {
    const room = makeRoom();
    const { ann } = seatTwo(room);

    assert.throws(() => send(room, ann, { to: "bob", from: "bob" }), hasCode("not-allowed"));
    assert.equal(send(room, ann, { to: "bob", from: "ann" }).outbound.length, 1);
  });
}

Deno.test("[CH1] Room.chat reaches everyone, the sender by its reply", () => {
  const room = makeRoom();
  const { ann } = seatTwo(room);
  enter(room, "cat");

  const outcome = room.chat(ann, clientMessage("chat", { text: "Hello" }), AT + 9);

  const message = { type: "chat", from: "ann", text: "Hello", at: AT + 9, messageId: "1" };
  assert.deepEqual(outcome.reply, message);
  assert.deepEqual(said(outcome), [{ to: ["bob", "cat"], message }]);
});

Deno.test("[CH1] Room.chat to one reaches that one and the sender", () => {
  const room = makeRoom();
  const { ann } = seatTwo(room);
  enter(room, "cat");

  const outcome = room.chat(ann, clientMessage("chat", { text: "Psst", to: "cat" }), AT);

  assert.deepEqual(said(outcome).map(({ to }) => to), [["cat"]]);
  assert.equal((outcome.reply as { to?: string }).to, "cat");
});

Deno.test("[CH3] Room numbers chat and data in one order", () => {
  const room = makeRoom();
  const { ann, bob } = seatTwo(room);

  const ids = [
    room.chat(ann, clientMessage("chat", { text: "1" }), AT),
    room.data(bob, clientMessage("data", { payload: null }), AT),
    room.chat(bob, clientMessage("chat", { text: "3" }), AT),
  ].map(({ reply }) => (reply as { messageId: string }).messageId);

  assert.deepEqual(ids, ["1", "2", "3"]);
});

Deno.test("[DA1] Room.data delivers any JSON value as it is", () => {
  const room = makeRoom();
  const { ann } = seatTwo(room);

  for (const payload of [null, 0, "", [], { a: [1, { b: null }] }]) {
    const { reply } = room.data(ann, clientMessage("data", { payload }), AT);
    assert.deepEqual((reply as { payload: unknown }).payload, payload);
  }
});

Deno.test("[ST1] Room.updateState tells the others the whole state, and nothing when it is as before", () => {
  const room = makeRoom();
  const { ann } = seatTwo(room);
  room.updateState(ann, clientMessage("state", { audio: true, hand: true }));

  const changed = room.updateState(ann, clientMessage("state", { hand: false }));
  const same = room.updateState(ann, clientMessage("state", { hand: false, audio: true }));

  assert.deepEqual(said(changed), [{
    to: ["bob"],
    message: { type: "participant-updated", userId: "ann", state: { audio: true, hand: false } },
  }]);
  assert.deepEqual(same, { reply: undefined, outbound: [] });
});

Deno.test("[ST2] Room.join shows the states as they are", () => {
  const room = makeRoom();
  const { ann } = seatTwo(room);
  room.updateState(ann, clientMessage("state", { video: true }));

  const { reply } = enter(room, "cat").outcome;

  const { participants } = reply as { participants: { state: unknown }[] };
  assert.deepEqual(participants.map(({ state }) => state), [{ video: true }, {}, {}]);
});

Deno.test("[CH2] Room.chat passes the text on as it is, markup and line breaks too", () => {
  const room = makeRoom();
  const { ann } = seatTwo(room);
  const text = "<img src=x onerror=alert(1)>\n\u202e\u0000 &amp;";

  const { reply } = room.chat(ann, clientMessage("chat", { text }), AT);

  assert.equal((reply as { text: string }).text, text);
});
