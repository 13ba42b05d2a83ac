/** The first of the three scenarios: who is in the room learns who joins and who leaves. */
import assert from "node:assert/strict";
import { TestServer } from "../support/test_server.ts";

Deno.test("[JO2] [JO3] [LE2] [LE3] scenario: three join, one leaves, everyone hears it once", async () => {
  const server = TestServer.start();
  const ann = await server.join("test", "ann");
  const bob = await server.join("test", "bob");
  const cat = await server.join("test", "cat");

  assert.equal((await ann.hear("user-joined")).userId, "bob");
  assert.equal((await ann.hear("user-joined")).userId, "cat");
  assert.equal((await bob.hear("user-joined")).userId, "cat");
  const { users } = cat.messages.find((one) => one.type === "joined")!;
  assert.deepEqual(users, ["ann", "bob", "cat"]);

  bob.say({ type: "leave" });
  assert.deepEqual(await bob.hear("leaved"), {
    type: "leaved",
    roomId: "test",
    userId: "bob",
    reason: "left",
  });
  for (const client of [ann, cat]) {
    const left = await client.hear("user-left");
    assert.deepEqual([left.userId, left.reason], ["bob", "left"]);
  }

  // A chat goes through the room behind everything else, so nothing more can be under way.
  ann.say({ type: "chat", text: "done" });
  await cat.hear("chat");
  await ann.hear("chat");
  assert.deepEqual([ann.count("user-joined"), ann.count("user-left")], [2, 1]);
  assert.deepEqual([cat.count("user-joined"), cat.count("user-left")], [0, 1]);
  assert.equal(bob.count("user-left"), 0);

  await Promise.all([ann, bob, cat].map((client) => client.close()));
  await server.close();
});

Deno.test("[LE5] scenario: the room is there while somebody is in it, and gone with the last", async () => {
  const server = TestServer.start();
  const statusOf = async () => {
    const response = await fetch(server.url("/api/rooms/test"));
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await statusOf(), 404);

  const ann = await server.join("test", "ann");
  assert.equal(await statusOf(), 200);
  ann.say({ type: "leave" });
  await ann.hear("leaved");
  assert.equal(await statusOf(), 404);

  await ann.close();
  await server.close();
});

Deno.test("[CO5] [CO6] scenario: a burst reaches who asked for signalbox.v1 in few frames", async () => {
  const server = TestServer.start("--message-burst", "1000");
  const packed = await server.join("test", "packed");
  const plain = await server.connect("");
  plain.say({ type: "join", roomId: "test", userId: "plain" });
  await plain.hear("joined");
  const framesBefore = [packed.frames.length, plain.frames.length] as const;

  for (let n = 0; n < 500; n++) packed.say({ type: "chat", text: `${n}` });
  packed.say({ type: "chat", text: "end", to: "plain" });
  while ((await packed.hear("chat")).text !== "end");
  while ((await plain.hear("chat")).text !== "end");

  const textsOf = (client: typeof packed) =>
    client.messages.flatMap((one) => one.type === "chat" ? [one.text] : []);
  const texts = [...Array.from({ length: 500 }, (_, n) => `${n}`), "end"];
  assert.deepEqual(textsOf(packed), texts);
  assert.deepEqual(textsOf(plain), texts);
  assert.equal(plain.frames.length - framesBefore[1], 501);
  assert.ok(packed.frames.length - framesBefore[0] < 250, `${packed.frames.length} frames`);

  await Promise.all([packed, plain].map((client) => client.close()));
  await server.close();
});
