/** The guard of one connection: size, shape, rate, and readers who do not read. */
import assert from "node:assert/strict";
import { HubFixture } from "../support/hub_fixture.ts";

const PING = { type: "ping", at: 1 };

Deno.test("[ME1] Connection.receive answers a frame that is not JSON and goes on", () => {
  const fixture = new HubFixture();
  const client = fixture.connect();
  client.heard();

  client.sayText("nope");
  client.say(PING);

  const [error, pong] = client.heard();
  assert.equal(error?.type === "error" && error.code, "bad-message");
  assert.deepEqual(pong, { type: "pong", at: 1 });
});

Deno.test("[CO7] Connection.receive refuses a binary frame", () => {
  const client = new HubFixture().connect();
  client.heard();

  client.sayBytes(new Uint8Array(40));

  const [error] = client.heard();
  assert.equal(error?.type === "error" && error.code, "bad-message");
});

Deno.test("[ME3] Connection.receive refuses a message of 1 MB and goes on", () => {
  const client = new HubFixture().connect();
  client.heard();

  client.sayText(JSON.stringify({ type: "chat", text: "x".repeat(1_000_000) }));
  client.say(PING);

  const [error, pong] = client.heard();
  assert.equal(error?.type === "error" && error.code, "message-too-large");
  assert.equal(pong?.type, "pong");
});

Deno.test("[ME4] Connection.receive repeats the requestId of a refused frame", () => {
  const client = new HubFixture().connect();
  client.heard();

  client.say({ type: "join", roomId: "no spaces", requestId: "r1" });

  const [error] = client.heard();
  assert.deepEqual(
    error?.type === "error" && [error.code, error.requestId],
    ["invalid-room-id", "r1"],
  );
});

Deno.test("[ER3] Connection.receive closes after ten refused frames in a row", () => {
  const client = new HubFixture().connect();
  client.heard();

  for (let count = 0; count < 9; count++) client.sayText("{}");
  assert.equal(client.socket.closed, undefined);
  client.say({ type: "nonsense" });

  assert.equal(client.heard().length, 10);
  assert.deepEqual(client.socket.closed, { code: 1008, reason: "unknown-type" });
});

Deno.test("[ER3] Connection.receive starts the row anew after a good frame", () => {
  const client = new HubFixture().connect();

  for (let round = 0; round < 5; round++) {
    for (let count = 0; count < 9; count++) client.sayText("{}");
    client.say(PING);
  }

  assert.equal(client.socket.closed, undefined);
});

Deno.test("[LI2] Connection.receive drops what is beyond the bucket, each with an answer", () => {
  const fixture = new HubFixture({ limits: { messageBurst: 2, messagesPerSecond: 10 } });
  const client = fixture.connect();
  client.heard();

  for (let count = 0; count < 4; count++) client.say({ ...PING, requestId: count });
  assert.deepEqual(
    client.heard().map((one) => one.type === "error" ? [one.code, one.requestId] : one.type),
    ["pong", "pong", ["rate-limited", 2], ["rate-limited", 3]],
  );

  fixture.clock.advance(100);
  client.say(PING);
  assert.deepEqual(client.heardTypes(), ["pong"]);
});

Deno.test("[LI2] Connection.receive says when to try again", () => {
  const fixture = new HubFixture({ limits: { messageBurst: 1, messagesPerSecond: 10 } });
  const client = fixture.connect();
  client.say(PING);
  client.heard();

  client.say(PING);

  const [error] = client.heard();
  assert.equal(error?.type === "error" && error.retryAfterMs, 100);
});

Deno.test("[LI3] Connection.receive charges a malformed frame too", () => {
  const client = new HubFixture({ limits: { messageBurst: 1 } }).connect();
  client.heard();

  client.sayText("nope");
  client.sayText("nope");

  assert.deepEqual(client.heard().map((one) => one.type === "error" && one.code), [
    "bad-message",
    "rate-limited",
  ]);
});

Deno.test("[LI4] Connection.receive closes after a thousand refusals, though some tokens came between", () => {
  const fixture = new HubFixture({ limits: { messageBurst: 2 } });
  const client = fixture.connect();
  client.say(PING);
  client.say(PING);

  for (let count = 0; count < 999; count++) {
    client.say(PING);
    if (count % 100 === 0) {
      // A token comes and is used: a flood goes on all the same.
      fixture.clock.advance(10);
      client.say(PING);
    }
  }
  assert.equal(client.socket.closed, undefined);
  client.say(PING);

  assert.deepEqual(client.socket.closed, { code: 1008, reason: "rate-limited" });
});

Deno.test("Connection.receive does nothing once the connection has ended", () => {
  const fixture = new HubFixture();
  const client = fixture.join("test", "ann");
  client.drop();

  client.say({ type: "join", roomId: "test", userId: "ann" });
  client.drop();

  assert.deepEqual(client.heard(), []);
  assert.equal(fixture.hub.registry.size, 0);
  assert.equal(fixture.observer.counts["closed"], 1);
});
