/** The application as a whole: what it is made of works together, and ends together. */
import assert from "node:assert/strict";
import { createApp } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { withApp } from "./support/app_fixture.ts";
import { TestServer } from "./support/test_server.ts";

Deno.test("createApp takes its bounds from the settings", async () => {
  const server = TestServer.start("--max-participants", "1", "--ice-servers", "stun:a.example");
  const ann = await server.join("test", "ann");
  const bob = await server.connect();
  const welcome = ann.messages[0]!;
  assert.ok(welcome.type === "welcome");

  bob.say({ type: "join", roomId: "test", userId: "bob" });

  assert.deepEqual(welcome.iceServers, [{ urls: "stun:a.example" }]);
  assert.equal(welcome.limits.maxParticipants, 1);
  assert.equal((await bob.hear("error")).code, "room-full");
  await Promise.all([ann, bob].map((client) => client.close()));
  await server.close();
});

Deno.test("createApp shows in its metrics what happens on its sockets", async () => {
  const server = TestServer.start();
  const ann = await server.join("test", "ann");
  const bob = await server.join("test", "bob");

  const text = await (await fetch(server.url("/metrics"))).text();

  for (
    const line of [
      "signalbox_connections 2",
      "signalbox_rooms 1",
      "signalbox_participants 2",
      "signalbox_sockets 2",
      "signalbox_sessions 2",
      "signalbox_kept_seats 0",
      'signalbox_messages_total{type="join",direction="in"} 2',
      'signalbox_messages_total{type="user-joined",direction="out"} 1',
    ]
  ) assert.ok(text.split("\n").includes(line), line);
  await Promise.all([ann, bob].map((client) => client.close()));
  await server.close();
});

Deno.test("[LE6] createApp ends a room over HTTP for everyone on its sockets", async () => {
  const server = TestServer.start("--admin-token", "s3cret");
  const ann = await server.join("test", "ann");
  const bob = await server.join("test", "bob");

  const response = await fetch(server.url("/api/rooms/test"), {
    method: "DELETE",
    headers: { authorization: "Bearer s3cret" },
  });

  assert.equal(response.status, 204);
  for (const client of [ann, bob]) assert.equal((await client.hear("leaved")).reason, "room-ended");
  assert.equal(ann.count("user-left"), 0);
  await Promise.all([ann, bob].map((client) => client.close()));
  await server.close();
});

Deno.test("[ER4] App.close closes sockets with 1012 after telling them", async () => {
  const server = TestServer.start();
  const ann = await server.join("test", "ann");

  await server.close();

  assert.equal((await ann.hear("error")).code, "server-shutting-down");
  assert.equal((await ann.untilClosed()).code, 1012);
});

Deno.test(
  "App.close can be called twice, and then no connection is taken",
  withApp([], async (send) => {
    const app = createApp({ config: readConfig([], {}) });
    await app.close();
    await app.close();

    const headers = { upgrade: "websocket" };
    const response = await app.handler(new Request("http://localhost/ws", { headers }));
    assert.equal((await response.json()).code, "server-shutting-down");
    assert.equal((await send("/readyz")).status, 200);
  }),
);
