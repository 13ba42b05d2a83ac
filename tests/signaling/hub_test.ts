/** Connections and rooms together, on sockets that are plain objects. */
import assert from "node:assert/strict";
import { systemRandom } from "../../src/base/mod.ts";
import { SUBPROTOCOL } from "../../src/protocol/mod.ts";
import { HubFixture } from "../support/hub_fixture.ts";
import { roomId } from "../support/messages.ts";

Deno.test("[CO2] Hub welcomes a connection first, with what it may do", () => {
  const client = new HubFixture({ limits: { maxParticipants: 7 } }).connect();

  const [welcome, ...rest] = client.heard();

  assert.deepEqual(rest, []);
  assert.deepEqual(welcome, {
    type: "welcome",
    protocol: SUBPROTOCOL,
    connectionId: "000000000001",
    iceServers: [{ urls: "stun:stun.example.org" }],
    heartbeatMs: 15_000,
    limits: {
      maxMessageBytes: 65_536,
      messagesPerSecond: 100,
      messageBurst: 1_000,
      maxParticipants: 7,
    },
  });
});

Deno.test("[CO5] Hub sends what one turn brings in one frame", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.connect();
  const frames = ann.socket.frames.length;

  // Two messages arrive before the turn ends.
  bob.listener.onFrame(JSON.stringify({ type: "join", roomId: "test", userId: "bob" }));
  bob.listener.onFrame(JSON.stringify({ type: "chat", text: "Hello" }));
  fixture.clock.endTurn();

  assert.equal(ann.socket.frames.length, frames + 1);
  assert.deepEqual(ann.heardTypes(), ["user-joined", "chat"]);
});

Deno.test("[ME4] Hub answers every request with an id once", () => {
  const fixture = new HubFixture();
  const ann = fixture.connect();
  fixture.join("test", "bob");
  ann.heard();
  const description = { type: "offer", sdp: "" };
  const requests = [
    { type: "join", roomId: "test", userId: "ann" },
    { type: "offer", to: "bob", description },
    { type: "chat", text: "x" },
    { type: "data", payload: 1, to: "bob" },
    { type: "state", audio: true },
    { type: "state", audio: true },
    { type: "stats" },
    { type: "ping", at: 1 },
    { type: "create-room", kind: "live" },
    { type: "join", roomId: "test" },
    { type: "leave" },
    { type: "leave" },
  ];

  requests.forEach((request, requestId) => ann.say({ ...request, requestId }));

  assert.deepEqual(
    ann.heard().map((one) => [one.type, one.requestId]),
    [
      ["joined", 0],
      ["ok", 1],
      ["chat", 2],
      ["data", 3],
      ["ok", 4],
      ["ok", 5],
      ["ok", 6],
      ["pong", 7],
      ["room-created", 8],
      ["error", 9],
      ["leaved", 10],
      ["error", 11],
    ],
  );
});

Deno.test("[ME4] Hub keeps the requestId from everybody else", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");
  bob.heard();

  ann.say({ type: "chat", text: "x", requestId: 1 });
  ann.say({ type: "offer", to: "bob", description: { type: "offer", sdp: "" }, requestId: 2 });

  assert.deepEqual(bob.heard().map((one) => one.requestId), [undefined, undefined]);
});

Deno.test("[JO4] Hub refuses a second join of the same connection, to any room", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");

  ann.say({ type: "join", roomId: "test", userId: "ann2" });
  ann.say({ type: "join", roomId: "other", userId: "ann" });

  assert.deepEqual(ann.heard().map((one) => one.type === "error" && one.code), [
    "already-joined",
    "already-joined",
  ]);
  assert.equal(fixture.hub.registry.size, 1);
});

Deno.test("[LE1] Hub refuses to leave for someone else or another room", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  fixture.join("test", "bob");
  ann.heard();

  ann.say({ type: "leave", userId: "bob" });
  ann.say({ type: "leave", roomId: "other" });
  ann.say({ type: "leave", userId: "ann", roomId: "test" });

  assert.deepEqual(ann.heard().map((one) => one.type === "error" ? one.code : one.type), [
    "not-allowed",
    "not-allowed",
    "leaved",
  ]);
});

Deno.test("[LE2] Hub lets a connection that left join again", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");

  ann.say({ type: "leave" });
  ann.say({ type: "join", roomId: "other", userId: "ann" });

  assert.deepEqual(ann.heardTypes(), ["leaved", "joined"]);
  assert.equal(fixture.hub.registry.get(roomId("test")), undefined);
});

for (
  const message of [
    { type: "leave" },
    { type: "offer", to: "bob", description: { type: "offer", sdp: "" } },
    { type: "answer", to: "bob", description: { type: "answer", sdp: "" } },
    { type: "ice-candidate", to: "bob", candidate: null },
    { type: "chat", text: "x" },
    { type: "data", payload: 1 },
    { type: "state", audio: true },
    { type: "stats" },
  ]
) {
  Deno.test(`[RL5] Hub refuses ${message.type} of a connection in no room`, () => {
    const client = new HubFixture().connect();
    client.heard();

    client.say(message);

    assert.deepEqual(client.heard().map((one) => one.type === "error" && one.code), ["not-joined"]);
  });
}

Deno.test("[PI1] Hub answers a ping in a room and out of one", () => {
  const client = new HubFixture().connect();
  client.heard();

  client.say({ type: "ping", at: 12.5 });
  client.say({ type: "join", roomId: "test" });
  client.say({ type: "ping", at: -1 });

  const pongs = client.heard().filter(({ type }) => type === "pong");
  assert.deepEqual(pongs, [{ type: "pong", at: 12.5 }, { type: "pong", at: -1 }]);
});

Deno.test("[CR2] Hub creates a code for a connection in a room without moving it", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");

  ann.say({ type: "create-room", kind: "meeting" });

  assert.deepEqual(ann.heardTypes(), ["room-created"]);
  assert.equal(fixture.hub.registry.get(roomId("test"))?.size, 1);
});

Deno.test("[LE7] Hub takes a dropped connection for a leave, reason disconnected", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");
  ann.heard();

  bob.drop();

  assert.deepEqual(ann.heard(), [
    { type: "user-left", roomId: "test", userId: "bob", reason: "disconnected" },
  ]);
  assert.equal(fixture.hub.connectionCount, 1);
});

Deno.test("[LE5] Hub keeps nothing when everyone has gone", () => {
  const fixture = new HubFixture();
  const clients = ["ann", "bob", "cat"].map((user) => fixture.join("test", user));
  clients[0]!.say({ type: "leave" });

  for (const client of clients) client.drop();

  assert.equal(fixture.hub.connectionCount, 0);
  assert.equal(fixture.hub.registry.size, 0);
  assert.equal(fixture.hub.registry.participantCount, 0);
  assert.equal(fixture.clock.pending, 0);
});

Deno.test("[OR1] Hub shows joins, chats and departures to all members in one order", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");
  ann.heard();

  const cat = fixture.connect();
  cat.listener.onFrame(JSON.stringify({ type: "join", roomId: "test", userId: "cat" }));
  bob.listener.onFrame(JSON.stringify({ type: "chat", text: "1" }));
  ann.listener.onFrame(JSON.stringify({ type: "chat", text: "2" }));
  cat.listener.onFrame(JSON.stringify({ type: "leave" }));
  fixture.clock.endTurn();

  const order = ["user-joined", "chat", "chat", "user-left"];
  assert.deepEqual(ann.heardTypes(), order);
  assert.deepEqual(bob.heardTypes(), order);
  assert.deepEqual(cat.heardTypes(), ["welcome", "joined", "chat", "chat", "leaved"]);
});

Deno.test("[OR2] Hub lets nothing of a room out of it", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("red", "ann");
  const spy = fixture.join("blue", "ann");
  const idle = fixture.connect();
  idle.heard();
  const bob = fixture.join("red", "bob");
  ann.heard();

  bob.say({ type: "chat", text: "secret" });
  bob.say({ type: "state", hand: true });
  bob.say({ type: "data", payload: "secret", to: "ann" });
  bob.say({ type: "leave" });

  assert.deepEqual(ann.heardTypes(), ["chat", "participant-updated", "data", "user-left"]);
  assert.deepEqual(spy.heard(), []);
  assert.deepEqual(idle.heard(), []);
});

Deno.test("[OR3] Hub keeps the order of what one participant sends to another", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");

  for (let n = 0; n < 50; n++) ann.say({ type: "data", to: "bob", payload: n });

  const payloads = bob.heard().map((one) => one.type === "data" ? one.payload : undefined);
  assert.deepEqual(payloads, Array.from({ length: 50 }, (_, n) => n));
});

Deno.test("[ER2] Hub goes on for everyone after a request that failed", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");
  ann.heard();

  ann.say({ type: "offer", to: "zoe", description: { type: "offer", sdp: "" } });
  ann.say({ type: "chat", text: "still here" });

  assert.deepEqual(bob.heardTypes(), ["chat"]);
  assert.deepEqual(ann.heardTypes(), ["error", "chat"]);
});

Deno.test("[CO1] Hub refuses connections beyond its capacity, and takes one when another ends", () => {
  const fixture = new HubFixture({ maxConnections: 1 });
  const first = fixture.connect();
  assert.equal(fixture.hub.refusal, "too-many-connections");

  const second = fixture.connect();
  assert.deepEqual(second.socket.closed, { code: 1013, reason: "too-many-connections" });
  first.drop();
  const third = fixture.connect();

  assert.deepEqual(third.heardTypes(), ["welcome"]);
  assert.deepEqual(second.heard(), []);
});

Deno.test("[LE6] Hub.endRoom tells each member, who may join again", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  const bob = fixture.join("test", "bob");
  ann.heard();

  fixture.hub.endRoom(roomId("test"));
  fixture.clock.endTurn();
  bob.say({ type: "join", roomId: "test", userId: "bob" });
  ann.drop();

  assert.deepEqual(ann.heard(), [
    { type: "leaved", roomId: "test", userId: "ann", reason: "room-ended" },
  ]);
  assert.deepEqual(bob.heardTypes(), ["leaved", "joined"]);
  assert.equal(fixture.hub.registry.participantCount, 1);
});

Deno.test("[ER4] Hub.close tells everyone, closes with 1012 and reports no departures", async () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  fixture.join("test", "bob");
  ann.heard();

  await fixture.hub.close({ reconnectAfterMs: 2_000, drainMs: 1_000 });
  await fixture.hub.close({ reconnectAfterMs: 2_000, drainMs: 1_000 });

  const [error, ...rest] = ann.heard();
  assert.deepEqual(rest, []);
  assert.deepEqual(
    error?.type === "error" && [error.code, error.reconnectAfterMs],
    ["server-shutting-down", 2_000],
  );
  assert.deepEqual(ann.socket.closed, { code: 1012, reason: "server-shutting-down" });
  assert.equal(fixture.hub.connectionCount, 0);
  assert.equal(fixture.hub.registry.size, 0);
});

Deno.test("[ER4] Hub.close asks its clients back one after the other", async () => {
  const fixture = new HubFixture({ random: systemRandom, maxConnections: 1_000 });
  const clients = Array.from({ length: 500 }, () => fixture.connect());
  for (const client of clients) client.heard();

  await fixture.hub.close({ reconnectAfterMs: 2_000, drainMs: 0 });

  const times = clients.map((client) => {
    const [error] = client.heard();
    return error?.type === "error" ? error.reconnectAfterMs ?? 0 : 0;
  });
  assert.ok(times.every((ms) => ms >= 2_000 && ms < 2_500), `${Math.min(...times)}`);
  const inFirstHalf = times.filter((ms) => ms < 2_250).length;
  assert.ok(inFirstHalf > 150 && inFirstHalf < 350, `${inFirstHalf} of 500 in the first half`);
});

Deno.test("[ER4] Hub.close waits for the outboxes, but not beyond its bound", async () => {
  const fixture = new HubFixture();
  const slow = fixture.join("test", "slow");
  const stuck = fixture.join("test", "stuck");
  slow.socket.bufferedBytes = 10;
  stuck.socket.bufferedBytes = 10;

  const closed = fixture.hub.close({ reconnectAfterMs: 0, drainMs: 100 });
  fixture.clock.advance(50);
  await Promise.resolve();
  slow.socket.bufferedBytes = 0;
  assert.equal(slow.socket.closed, undefined);
  while (stuck.socket.closed === undefined) {
    fixture.clock.advance(10);
    await Promise.resolve();
  }
  await closed;

  assert.equal(fixture.clock.elapsed() >= 100, true);
  assert.equal(fixture.clock.elapsed() < 200, true);
});

Deno.test("[ER4] Hub refuses joins and connections while it closes", async () => {
  const fixture = new HubFixture();
  const ann = fixture.connect();
  ann.heard();
  ann.socket.bufferedBytes = 10;
  const closed = fixture.hub.close({ reconnectAfterMs: 0, drainMs: 100 });

  ann.say({ type: "join", roomId: "test" });
  const late = fixture.connect();
  ann.socket.bufferedBytes = 0;
  fixture.clock.advance(100);
  await closed;

  assert.deepEqual(ann.heard().map((one) => one.type === "error" && one.code), [
    "server-shutting-down",
    "server-shutting-down",
  ]);
  assert.deepEqual(late.socket.closed, { code: 1013, reason: "server-shutting-down" });
});

Deno.test("Hub counts messages by type and direction, a broadcast once a receiver", () => {
  const fixture = new HubFixture();
  const ann = fixture.join("test", "ann");
  fixture.join("test", "bob");
  fixture.join("test", "cat");

  ann.say({ type: "chat", text: "x" });

  const { counts } = fixture.observer;
  assert.equal(counts["in join"], 3);
  assert.equal(counts["out user-joined"], 3);
  assert.equal(counts["in chat"], 1);
  assert.equal(counts["out chat"], 3);
  assert.equal(counts["opened"], 3);
  assert.equal(counts["fanned out"], 4);
});
