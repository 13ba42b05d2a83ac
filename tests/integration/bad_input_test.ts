/** Hostile clients over real sockets: each gets its error, and the others notice nothing. */
import assert from "node:assert/strict";
import { Opcode, RawSocket } from "../support/raw_socket.ts";
import { type TestClient, TestServer } from "../support/test_server.ts";

const text = (value: string) => new TextEncoder().encode(value);

/** Two good clients talk before and after what `attack` does to the same room. */
function besideGoodClients(attack: (server: TestServer) => Promise<void>, flags: string[] = []) {
  return async () => {
    const server = TestServer.start(...flags);
    const ann = await server.join("test", "ann");
    const bob = await server.join("test", "bob");

    await attack(server);

    ann.say({ type: "data", payload: "still here", to: "bob" });
    assert.equal((await bob.hear("data")).payload, "still here");
    await Promise.all([ann, bob].map((client) => client.close()));
    await server.close();
  };
}

async function answerTo(client: TestClient, frame: string | Uint8Array<ArrayBuffer>) {
  client.socket.send(frame);
  return (await client.hear("error")).code;
}

const refused: [
  rule: string,
  name: string,
  frame: string | Uint8Array<ArrayBuffer>,
  code: string,
][] = [
  ["ME1", "text that is not JSON", "{nope", "bad-message"],
  ["ME1", "an empty frame", "", "bad-message"],
  ["ME1", "an array", '[{"type":"ping","at":1}]', "bad-message"],
  ["ME1", "a wrong shape", '{"type":"chat","text":{}}', "bad-message"],
  ["ME2", "an unknown type", '{"type":"explode"}', "unknown-type"],
  [
    "ME3",
    "a frame of 1 MB",
    JSON.stringify({ type: "chat", text: "x".repeat(1e6) }),
    "message-too-large",
  ],
  [
    "ME6",
    "a key that pollutes prototypes",
    '{"type":"data","payload":{"__proto__":{"x":1}}}',
    "bad-message",
  ],
  [
    "ME6",
    "deep nesting",
    `{"type":"data","payload":${"[".repeat(9_000)}${"]".repeat(9_000)}}`,
    "bad-message",
  ],
  ["CO7", "a binary frame", new Uint8Array(100), "bad-message"],
  [
    "ID2",
    "an over-long room id",
    JSON.stringify({ type: "join", roomId: "x".repeat(65) }),
    "invalid-room-id",
  ],
  ["ID2", "control characters in an id", '{"type":"join","roomId":"a\\u0000b"}', "invalid-room-id"],
  ["ID2", "an emoji as user id", '{"type":"join","roomId":"r","userId":"👻"}', "invalid-user-id"],
  [
    "ID2",
    "a direction mark in an id",
    '{"type":"join","roomId":"r","userId":"a\\u202eb"}',
    "invalid-user-id",
  ],
  ["LE1", "leave without join", '{"type":"leave"}', "not-joined"],
  [
    "RL5",
    "a relay without join",
    '{"type":"ice-candidate","to":"ann","candidate":null}',
    "not-joined",
  ],
  ["JO5", "a user id in use", '{"type":"join","roomId":"test","userId":"ann"}', "user-id-taken"],
];
for (const [rule, name, frame, code] of refused) {
  Deno.test(
    `[${rule}] server answers ${name} with ${code}`,
    besideGoodClients(async (server) => {
      const client = await server.connect();
      assert.equal(await answerTo(client, frame), code);
      client.say({ type: "ping", at: 1 });
      await client.hear("pong");
      await client.close();
    }),
  );
}

Deno.test(
  "[ID1] server takes ids of any script, right-to-left too",
  besideGoodClients(async (server) => {
    const first = await server.join("غرفة", "דנה");
    const second = await server.join("غرفة", "小明");

    assert.equal((await first.hear("user-joined")).userId, "小明");
    const { rooms } = await (await fetch(server.url("/api/rooms"))).json();
    assert.deepEqual(rooms.map((room: { roomId: string }) => room.roomId), ["test", "غرفة"]);
    const response = await fetch(server.url(`/api/rooms/${encodeURIComponent("غرفة")}`));
    assert.equal((await response.json()).participants, 2);
    await Promise.all([first, second].map((client) => client.close()));
  }),
);

Deno.test(
  "[RL3] [RL4] [JO4] server refuses relays to oneself, forged senders and a second join",
  besideGoodClients(async (server) => {
    const eve = await server.join("test", "eve");
    const offer = (fields: Record<string, unknown>) =>
      JSON.stringify({ type: "offer", description: { type: "offer", sdp: "" }, ...fields });

    assert.equal(await answerTo(eve, offer({ to: "eve" })), "not-allowed");
    assert.equal(await answerTo(eve, offer({ to: "ann", from: "bob" })), "not-allowed");
    assert.equal(await answerTo(eve, '{"type":"chat","text":"x","from":"bob"}'), "not-allowed");
    assert.equal(await answerTo(eve, '{"type":"join","roomId":"other"}'), "already-joined");
    assert.equal(await answerTo(eve, '{"type":"leave","userId":"ann"}'), "not-allowed");
    await eve.close();
  }),
);

Deno.test(
  "[LI2] [LI4] server limits 10,000 messages at once and closes the flooder",
  besideGoodClients(async (server) => {
    const flooder = await server.join("test", "flooder");

    for (let n = 0; n < 10_000; n++) flooder.say({ type: "chat", text: "flood" });

    await flooder.hear("error");
    await flooder.untilClosed();
    assert.ok(flooder.count("error") <= 1_000, `${flooder.count("error")} errors`);
  }),
);

Deno.test(
  "[ER3] server closes a connection after ten bad frames in a row",
  besideGoodClients(async (server) => {
    const client = await server.connect();
    for (let n = 0; n < 10; n++) client.socket.send("nope");

    assert.deepEqual(await client.untilClosed(), { code: 1008, reason: "bad-message" });
    assert.equal(client.count("error"), 10);
  }),
);

Deno.test(
  "[ME3] server counts the fragments of a message together",
  besideGoodClients(async (server) => {
    const raw = await RawSocket.open(server.port);
    await raw.readUntil('"welcome"');
    const fragment = text("x".repeat(1_000));
    await raw.writeFrame(text('{"type":"chat","text":"'), { isFinal: false });
    for (let n = 0; n < 100; n++) {
      await raw.writeFrame(fragment, { opcode: Opcode.continuation, isFinal: false });
    }
    await raw.writeFrame(text('"}'), { opcode: Opcode.continuation });

    await raw.readUntil("message-too-large");
    raw.drop();
  }),
);

Deno.test(
  "server survives text that is not UTF-8 and a broken frame header",
  besideGoodClients(async (server) => {
    const bad = await RawSocket.open(server.port);
    await bad.writeFrame(new Uint8Array([0xff, 0xfe, 0x80]));
    const broken = await RawSocket.open(server.port);
    await broken.write(new Uint8Array([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
    bad.drop();
    broken.drop();
  }),
);

Deno.test("[CO1] server refuses connections beyond its capacity and says so", async () => {
  const server = TestServer.start("--max-connections", "1");
  const ann = await server.connect();
  const response = await fetch(server.url("/readyz"));

  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "too-many-connections");
  const raw = await RawSocket.open(server.port);
  await raw.readUntil('"code":"too-many-connections"');
  raw.drop();

  await ann.close();
  await server.close();
});
