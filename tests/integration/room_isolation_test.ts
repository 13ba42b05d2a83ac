/** The second of the three scenarios: nothing of a room reaches another. */
import assert from "node:assert/strict";
import { TestServer } from "../support/test_server.ts";

Deno.test("[OR2] scenario: two rooms with the same user ids hear nothing of each other", async () => {
  const server = TestServer.start();
  const red = [await server.join("red", "ann"), await server.join("red", "bob")] as const;
  const blue = [await server.join("blue", "ann"), await server.join("blue", "bob")] as const;
  await blue[0].hear("user-joined");

  red[0].say({ type: "chat", text: "secret" });
  red[0].say({ type: "chat", text: "psst", to: "bob" });
  red[0].say({ type: "data", payload: "secret" });
  red[0].say({ type: "state", hand: true });
  red[0].say({ type: "offer", to: "bob", description: { type: "offer", sdp: "secret" } });
  red[0].say({ type: "leave" });
  await red[1].hear("user-left");

  // What was on its way to blue would arrive ahead of the answers to blue's own pings.
  for (const client of blue) client.say({ type: "ping", at: 1 });
  for (const client of blue) await client.hear("pong");
  const typesOf = (client: typeof blue[number]) => client.messages.map((one) => one.type);
  assert.deepEqual(typesOf(blue[0]), ["welcome", "joined", "user-joined", "pong"]);
  assert.deepEqual(typesOf(blue[1]), ["welcome", "joined", "pong"]);

  await Promise.all([...red, ...blue].map((client) => client.close()));
  await server.close();
});

Deno.test("[RL2] scenario: a relay to a user of another room reaches nobody", async () => {
  const server = TestServer.start();
  const ann = await server.join("red", "ann");
  const bob = await server.join("blue", "bob");

  ann.say({ type: "offer", to: "bob", description: { type: "offer", sdp: "" }, requestId: 1 });
  const error = await ann.hear("error");
  bob.say({ type: "ping", at: 1 });
  await bob.hear("pong");

  assert.deepEqual([error.code, error.requestId], ["no-such-participant", 1]);
  assert.equal(bob.count("offer"), 0);

  await Promise.all([ann, bob].map((client) => client.close()));
  await server.close();
});
