/** Lost connections that come back, on sockets that are plain objects. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../src/protocol/mod.ts";
import { type FakeClient, HubFixture } from "../support/hub_fixture.ts";

const GRACE_MS = 15_000;

/** Joins as one who may resume; returns the token too. */
function joinResumable(fixture: HubFixture, userId: string, roomId = "test") {
  const client = fixture.connect();
  client.say({ type: "join", roomId, userId, resumable: true });
  const joined = client.heard().find((one) => one.type === "joined");
  assert.ok(joined?.type === "joined" && joined.resumeToken !== undefined);
  return { client, token: joined.resumeToken };
}

function resume(fixture: HubFixture, resumeToken: string, lastSeq: number): FakeClient {
  const client = fixture.connect();
  client.heard();
  client.say({ type: "resume", resumeToken, lastSeq, requestId: "r" });
  return client;
}

function chats(messages: readonly ServerMessage[]) {
  return messages.flatMap((one) => one.type === "chat" ? [[one.seq, one.text]] : []);
}

function codesOf(messages: readonly ServerMessage[]) {
  return messages.map((one) => one.type === "error" ? one.code : one.type);
}

Deno.test("[RE1] Hub gives a token to who asks for it, and to nobody else", () => {
  const fixture = new HubFixture();
  const client = fixture.connect();
  client.heard();

  client.say({ type: "join", roomId: "test", userId: "ann", resumable: true });
  const [joined] = client.heard();
  const other = fixture.connect();
  other.say({ type: "join", roomId: "test", userId: "bob" });
  const [, plain] = other.heard();

  assert.ok(joined?.type === "joined" && plain?.type === "joined");
  assert.equal(joined.resumeToken?.length, 24);
  assert.equal(joined.resumeGraceMs, GRACE_MS);
  assert.deepEqual([plain.resumeToken, plain.resumeGraceMs], [undefined, undefined]);
  assert.ok(!JSON.stringify(client.heard()).includes(joined.resumeToken!));
});

Deno.test("[RE1] Hub grants no resume where the grace time is 0", () => {
  const fixture = new HubFixture({ resumeGraceMs: 0 });
  const client = fixture.join("test", "ann", { resumable: true });

  client.drop();

  assert.equal(fixture.hub.registry.size, 0);
});

Deno.test("[RE2] Hub numbers every message after joined, replies and errors too", () => {
  const fixture = new HubFixture();
  const { client: ann } = joinResumable(fixture, "ann");
  const bob = fixture.join("test", "bob");

  ann.say({ type: "ping", at: 1 });
  ann.say({ type: "offer", to: "zoe", description: { type: "offer", sdp: "" } });
  bob.say({ type: "chat", text: "x" });

  assert.deepEqual(ann.heard().map((one) => [one.type, one.seq]), [
    ["user-joined", 1],
    ["pong", 2],
    ["error", 3],
    ["chat", 4],
  ]);
  assert.deepEqual(bob.heard().map((one) => one.seq), [undefined]);
});

Deno.test("[RE3] Hub keeps the seat of a lost connection, and shows that it is lost", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const { client: bob } = joinResumable(fixture, "bob");
  ann.heard();

  bob.drop();
  const cat = fixture.connect();
  cat.say({ type: "join", roomId: "test", userId: "bob" });
  cat.say({ type: "join", roomId: "test", userId: "cat" });

  assert.deepEqual(ann.heard()[0], {
    type: "participant-updated",
    userId: "bob",
    connected: false,
  });
  const [, taken, joined] = cat.heard();
  assert.equal(taken?.type === "error" && taken.code, "user-id-taken");
  assert.ok(joined?.type === "joined");
  assert.deepEqual(joined.participants.map((one) => one.connected), [undefined, false, undefined]);
});

Deno.test("[RE3] Hub takes a closing handshake for a departure at once", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const { client: bob, token } = joinResumable(fixture, "bob");
  ann.heard();

  bob.close();

  assert.deepEqual(ann.heard(), [
    { type: "user-left", roomId: "test", userId: "bob", reason: "disconnected" },
  ]);
  assert.deepEqual(codesOf(resume(fixture, token, 0).heard()), ["resume-expired"]);
});

Deno.test("[RE4] Hub sends exactly what a lost connection missed, none lost, none twice", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const { client: bob, token } = joinResumable(fixture, "bob");
  ann.say({ type: "chat", text: "1" });
  ann.say({ type: "chat", text: "2" });
  assert.deepEqual(chats(bob.heard()), [[1, "1"], [2, "2"]]);
  bob.drop();
  ann.say({ type: "chat", text: "3" });
  ann.heard();

  // The second message was on its way when the connection was lost.
  const back = resume(fixture, token, 1);
  ann.say({ type: "chat", text: "4" });

  const [resumed, ...rest] = back.heard();
  assert.deepEqual(resumed, { type: "resumed", missed: 2, lastSeq: 3, requestId: "r" });
  assert.deepEqual(chats(rest), [[2, "2"], [3, "3"], [4, "4"]]);
  assert.deepEqual(ann.heard()[0], {
    type: "participant-updated",
    userId: "bob",
    connected: true,
  });
});

Deno.test("[RE4] Hub repeats the reply that a lost connection did not see", () => {
  const fixture = new HubFixture();
  const { client: ann, token } = joinResumable(fixture, "ann");
  ann.say({ type: "create-room", kind: "live", requestId: "code" });
  ann.drop();

  const [, created] = resume(fixture, token, 0).heard();

  assert.deepEqual([created?.type, created?.requestId], ["room-created", "code"]);
});

Deno.test("[RE4, CR7] Hub lets a broadcaster resume with nothing but its token, and nobody meanwhile", () => {
  const fixture = new HubFixture();
  const { roomId, hostKey } = fixture.hub.registry.reserveCode({ kind: "live" });
  const role = "broadcaster";
  const ann = fixture.connect();
  ann.heard();
  ann.say({ type: "join", roomId, userId: "ann", role, hostKey, resumable: true });
  const [joined] = ann.heard();
  assert.ok(joined?.type === "joined");
  ann.drop();
  const eve = fixture.connect();
  eve.heard();

  eve.say({ type: "join", roomId, userId: "eve", role });
  const [refused] = eve.heard();
  const back = resume(fixture, joined.resumeToken!, 0).heardTypes();

  assert.equal(refused?.type === "error" && refused.code, "not-allowed");
  assert.deepEqual(back, ["resumed"]);
  assert.deepEqual(fixture.hub.registry.get(roomId)?.participants.map((one) => one.role), [role]);
});

Deno.test("[RE5] Hub gives a snapshot where not all messages are kept", () => {
  const fixture = new HubFixture({ limits: { messageBurst: 10_000 } });
  const ann = fixture.join("test", "ann");
  const { client: bob, token } = joinResumable(fixture, "bob");
  bob.drop();
  for (let n = 0; n < 1_200; n++) ann.say({ type: "chat", text: `${n}` });
  ann.say({ type: "state", audio: true });

  const back = resume(fixture, token, 0);
  ann.say({ type: "chat", text: "after" });

  const [resumed, ...rest] = back.heard();
  assert.ok(resumed?.type === "resumed" && resumed.snapshot !== undefined);
  assert.deepEqual([resumed.missed, resumed.lastSeq], [0, 1_201]);
  assert.deepEqual(resumed.snapshot.users, ["ann", "bob"]);
  assert.deepEqual(resumed.snapshot.participants.map((one) => [one.state, one.connected]), [
    [{ audio: true }, undefined],
    [{}, undefined],
  ]);
  assert.deepEqual(chats(rest), [[1_202, "after"]]);
});

Deno.test("[RE7] Hub lets a seat be resumed twice in a row, and again", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const { client, token } = joinResumable(fixture, "bob");
  let bob = client;
  for (let n = 1; n <= 4; n++) {
    bob.drop();
    ann.say({ type: "chat", text: `${n}` });
    bob = resume(fixture, token, n - 1);
    assert.deepEqual(chats(bob.heard()), [[n, `${n}`]]);
  }

  assert.equal(fixture.hub.registry.participantCount, 2);
  assert.equal(ann.heardTypes().includes("user-left"), false);
});

Deno.test("[RE7] Hub lets a resume take over a connection that still looks open", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const { client: old, token } = joinResumable(fixture, "bob");
  ann.heard();
  ann.say({ type: "chat", text: "1" });
  ann.heard();

  const back = resume(fixture, token, 0);
  ann.say({ type: "chat", text: "2" });
  old.say({ type: "chat", text: "from the old one" });
  back.say({ type: "chat", text: "from the new one" });

  assert.deepEqual(old.socket.closed, { code: 4001, reason: "taken-over" });
  assert.deepEqual(chats(back.heard()).map(([, text]) => text), ["1", "2", "from the new one"]);
  assert.deepEqual(ann.heardTypes(), ["chat", "chat"]);
  assert.equal(fixture.hub.connectionCount, 2);
});

Deno.test("[RE3] Hub counts the stays, and the seats that are kept, until nothing is left", () => {
  const fixture = new HubFixture();
  const { hub } = fixture;
  const { client: ann, token } = joinResumable(fixture, "ann");
  const { client: bob } = joinResumable(fixture, "bob");
  const counts = () => [hub.socketCount, hub.sessionCounts.all, hub.sessionCounts.detached];
  assert.deepEqual(counts(), [2, 2, 0]);

  ann.drop();
  bob.drop();
  assert.deepEqual(counts(), [0, 2, 2]);
  const back = resume(fixture, token, 0);
  assert.deepEqual(counts(), [1, 2, 1]);
  fixture.clock.advance(GRACE_MS);
  assert.deepEqual(counts(), [1, 1, 0]);
  back.close();

  assert.deepEqual(counts(), [0, 0, 0]);
});

Deno.test("[RE8] Hub lets the participant leave when the grace time is over", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const { client: bob, token } = joinResumable(fixture, "bob");
  bob.drop();
  ann.heard();

  fixture.clock.advance(GRACE_MS - 1);
  assert.deepEqual(ann.heard(), []);
  fixture.clock.advance(1);

  assert.deepEqual(ann.heard(), [
    { type: "user-left", roomId: "test", userId: "bob", reason: "timeout" },
  ]);
  assert.deepEqual(codesOf(resume(fixture, token, 0).heard()), ["resume-expired"]);
  assert.equal(fixture.clock.pending, 0);
});

Deno.test("[RE8] Hub destroys a room whose last member does not come back", () => {
  const fixture = new HubFixture();
  const { client } = joinResumable(fixture, "ann");
  client.drop();
  assert.equal(fixture.hub.registry.size, 1);

  fixture.clock.advance(GRACE_MS);

  assert.equal(fixture.hub.registry.size, 0);
  assert.equal(fixture.clock.pending, 0);
});

Deno.test("[RE8] Hub refuses a token it never gave, and that of one who left", () => {
  const fixture = new HubFixture();
  const { client, token } = joinResumable(fixture, "ann");
  client.say({ type: "leave" });

  assert.deepEqual(codesOf(resume(fixture, token, 0).heard()), ["resume-expired"]);
  assert.deepEqual(codesOf(resume(fixture, "guess", 0).heard()), ["resume-expired"]);
});

Deno.test("[RE8] Hub lets no token outlive its room", () => {
  const fixture = new HubFixture();
  const { client, token } = joinResumable(fixture, "ann");
  client.drop();

  fixture.hub.endRoom("test" as never);

  assert.deepEqual(codesOf(resume(fixture, token, 0).heard()), ["resume-expired"]);
  assert.equal(fixture.clock.pending, 0);
});

Deno.test("[RE9] Hub refuses a resume after messages that never were, and keeps the seat", () => {
  const fixture = new HubFixture();
  const { client, token } = joinResumable(fixture, "ann");
  client.drop();

  assert.deepEqual(codesOf(resume(fixture, token, 1).heard()), ["bad-message"]);
  assert.deepEqual(codesOf(resume(fixture, token, 0).heard()), ["resumed"]);
});

Deno.test("[RE9] Hub refuses a resume of a connection in a room, and keeps both seats", () => {
  const fixture = new HubFixture();
  const { client, token } = joinResumable(fixture, "ann");
  client.drop();
  const bob = fixture.join("other", "bob");

  bob.say({ type: "resume", resumeToken: token, lastSeq: 0 });

  assert.deepEqual(codesOf(bob.heard()), ["already-joined"]);
  assert.deepEqual(codesOf(resume(fixture, token, 0).heard()), ["resumed"]);
});

Deno.test("[ER4] Hub.close forgets the seats of lost connections", async () => {
  const fixture = new HubFixture();
  const { client } = joinResumable(fixture, "ann");
  client.drop();

  await fixture.hub.close({ reconnectAfterMs: 0, drainMs: 0 });

  assert.equal(fixture.clock.pending, 0);
  assert.equal(fixture.hub.registry.size, 0);
});

Deno.test("[RE1] [LB4] Hub lets who was admitted from the lobby resume, as it asked to", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  ann.say({ type: "lobby", enabled: true });
  const bob = fixture.connect();
  bob.say({ type: "join", roomId: "test", userId: "bob", resumable: true });
  ann.say({ type: "admit", userId: "bob" });
  const joined = bob.heard().find((one) => one.type === "joined");
  assert.ok(joined?.type === "joined" && joined.resumeToken !== undefined);
  assert.equal(joined.seq, undefined);

  bob.drop();
  ann.say({ type: "chat", text: "while away" });

  assert.deepEqual(chats(resume(fixture, joined.resumeToken, 0).heard()), [[1, "while away"]]);
});

Deno.test("[RE3] [LB6] Hub keeps no place in the lobby for a lost connection", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  ann.say({ type: "lobby", enabled: true });
  const bob = fixture.connect();
  bob.say({ type: "join", roomId: "test", userId: "bob", resumable: true });
  ann.heard();

  bob.drop();

  assert.deepEqual(ann.heard(), [
    { type: "knock-ended", userId: "bob", reason: "disconnected" },
  ]);
  assert.equal(fixture.clock.pending, 0);
});

Deno.test("[RE8] [KI1] Hub lets no token outlive a kick, lost connection or not", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const { client: bob, token } = joinResumable(fixture, "bob");
  bob.drop();

  ann.say({ type: "kick", userId: "bob" });

  assert.deepEqual(codesOf(resume(fixture, token, 0).heard()), ["resume-expired"]);
  assert.equal(fixture.clock.pending, 0);
});
