/** The third of the three scenarios: a socket that drops without a word leaves no ghost. */
import assert from "node:assert/strict";
import { RawSocket } from "../support/raw_socket.ts";
import { TestServer } from "../support/test_server.ts";
import { waitUntil } from "../support/wait_until.ts";

Deno.test("[LE7] scenario: a dropped socket is gone from the room at once, once for everyone", async () => {
  const server = TestServer.start();
  const ann = await server.join("test", "ann");
  const raw = await RawSocket.open(server.port);
  await raw.say({ type: "join", roomId: "test", userId: "ghost" });
  await raw.readUntil('"joined"');
  await ann.hear("user-joined");

  raw.drop();

  const left = await ann.hear("user-left");
  assert.deepEqual([left.userId, left.reason], ["ghost", "disconnected"]);
  const back = await server.join("test", "ghost");
  assert.equal((await ann.hear("user-joined")).userId, "ghost");
  assert.deepEqual([ann.count("user-joined"), ann.count("user-left")], [2, 1]);
  const { participants } = await (await fetch(server.url("/api/rooms/test"))).json();
  assert.equal(participants, 2);

  await Promise.all([ann, back].map((client) => client.close()));
  await server.close();
});

Deno.test("[LE7] scenario: a socket closed without leave counts as disconnected", async () => {
  const server = TestServer.start();
  const ann = await server.join("test", "ann");
  const bob = await server.join("test", "bob");

  await bob.close();

  assert.equal((await ann.hear("user-left")).reason, "disconnected");
  await ann.close();
  await server.close();
});

Deno.test("[LE5] scenario: a room whose members all drop is destroyed", async () => {
  const server = TestServer.start();
  const sockets = await Promise.all([1, 2, 3].map(async (n) => {
    const socket = await RawSocket.open(server.port);
    await socket.say({ type: "join", roomId: "test", userId: `user${n}` });
    await socket.readUntil('"joined"');
    return socket;
  }));

  for (const socket of sockets) socket.drop();

  await waitUntil(async () => {
    const { rooms } = await (await fetch(server.url("/api/rooms"))).json();
    return rooms.length === 0 ? undefined : `rooms: ${JSON.stringify(rooms)}`;
  });
  await server.close();
});
