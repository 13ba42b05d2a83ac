/** Networks that fail, over real sockets: one participant, no ghost, nothing lost, nothing twice. */
import assert from "node:assert/strict";
import { RawSocket } from "../support/raw_socket.ts";
import { TestServer } from "../support/test_server.ts";

/** The value of a string field in what was read. */
function fieldIn(text: string, name: string): string {
  return new RegExp(`"${name}":"([^"]+)"`).exec(text)![1]!;
}

Deno.test("[RE4] [RE7] scenario: four network switches in a row leave one participant", async () => {
  const server = TestServer.start();
  const ann = await server.join("test", "ann");
  let raw = await RawSocket.open(server.port);
  await raw.say({ type: "join", roomId: "test", userId: "bob", resumable: true });
  const resumeToken = fieldIn(await raw.readUntil('"resumeToken"'), "resumeToken");
  await ann.hear("user-joined");

  for (let n = 1; n <= 4; n++) {
    raw.drop();
    assert.equal((await ann.hear("participant-updated")).connected, false);
    ann.say({ type: "chat", text: `switch ${n}` });
    raw = await RawSocket.open(server.port);
    await raw.say({ type: "resume", resumeToken, lastSeq: n - 1 });
    const seen = await raw.readUntil(`"text":"switch ${n}"`);
    assert.match(seen, /"type":"resumed","missed":1/);
    assert.equal(seen.includes(`switch ${n - 1}"`), false, "nothing twice");
    assert.equal((await ann.hear("participant-updated")).connected, true);
  }

  assert.deepEqual([ann.count("user-joined"), ann.count("user-left")], [1, 0]);
  const room = await (await fetch(server.url("/api/rooms/test"))).json();
  assert.equal(room.participants, 2);
  raw.drop();
  await ann.close();
  await server.close();
});

Deno.test("[RE3] [RE8] scenario: a half-open socket is found, shown as lost, and gone in time", async () => {
  const server = TestServer.start("--heartbeat-ms", "1000", "--resume-grace-ms", "300");
  const ann = await server.join("test", "ann");
  // It answers no ping and never closes, as a laptop that sleeps.
  const raw = await RawSocket.open(server.port);
  await raw.say({ type: "join", roomId: "test", userId: "asleep", resumable: true });

  assert.equal((await ann.hear("participant-updated")).connected, false);
  assert.equal((await ann.hear("user-left")).reason, "timeout");

  raw.drop();
  await ann.close();
  await server.close();
});

Deno.test("[BP4] scenario: a reader that stops is given up, and the room goes on", async () => {
  const server = TestServer.start(
    ...["--max-buffered-bytes", "65536", "--message-burst", "100000", "--message-rate", "100000"],
  );
  const ann = await server.join("test", "ann");
  const raw = await RawSocket.open(server.port);
  await raw.say({ type: "join", roomId: "test", userId: "stalled" });
  await raw.readUntil('"joined"');
  await ann.hear("user-joined");

  // The kernel's buffers of a loopback connection take some megabytes first.
  for (let n = 0; n < 100; n++) {
    for (let k = 0; k < 25; k++) ann.say({ type: "chat", text: "x".repeat(4_000) });
    ann.say({ type: "ping", at: n });
    await ann.hear("pong");
  }
  await ann.hear("user-left");

  const left = ann.messages.filter((one) => one.type === "user-left");
  assert.deepEqual(left.map((one) => [one.userId, one.reason]), [["stalled", "slow-consumer"]]);
  raw.drop();
  await ann.close();
  await server.close();
});
