/** The listener for the open internet as its clients meet it; attacks stand in hostile_network_test. */
import assert from "node:assert/strict";
import { createApp } from "../../src/app.ts";
import { systemClock } from "../../src/base/mod.ts";
import { readConfig } from "../../src/config.ts";
import { listenWs, type TlsPair } from "../../src/listener/mod.ts";
import { fingerprintAt, fingerprintOf, makeTlsPair } from "../support/certificate.ts";
import { RawSocket } from "../support/raw_socket.ts";
import { SECRET, sign } from "../support/tokens.ts";
import { TestClient } from "../support/test_server.ts";

type Running = Awaited<ReturnType<typeof start>>;

async function start(flags: string[] = [], tls?: TlsPair) {
  const config = readConfig(flags, {});
  const app = createApp({ config });
  const listener = await listenWs({
    address: { hostname: "127.0.0.1", port: 0, tls },
    handler: app.handler,
    door: app.door,
    clock: systemClock,
    heartbeatMs: config["heartbeat-ms"],
    maxMessageBytes: config["max-message-bytes"],
    messagesPerSecond: config["message-rate"],
    maxPerAddress: config["max-connections-per-address"],
  });
  return {
    listener,
    port: listener.port,
    url: (path: string) => `http://127.0.0.1:${listener.port}${path}`,
    close: async () => {
      await app.close();
      await listener.shutdown();
    },
  };
}

/** Status and body of the answer to a handshake. */
async function knock(
  { port }: Running,
  options: { headers?: Record<string, string>; key?: string; path?: string } = {},
): Promise<{ status: number; text: string }> {
  const raw = await RawSocket.open(port, options);
  const text = await raw.readUntil("}").catch((error) => `${error}`);
  raw.drop();
  return { status: Number(/HTTP\/1\.1 (\d+) /.exec(text)?.[1]), text };
}

Deno.test("[CO1, CO3] listenWs opens sockets, with the subprotocol and without", async () => {
  const server = await start();
  const url = `ws://127.0.0.1:${server.port}/ws`;
  for (const protocol of ["signalbox.v1", ""]) {
    const client = new TestClient(url, protocol);
    await client.hear("welcome");
    assert.equal(client.socket.protocol, protocol);
    await client.close();
  }

  const soap = await knock(server, { headers: { "Sec-WebSocket-Protocol": "soap" } });

  assert.equal(soap.status, 101);
  assert.doesNotMatch(soap.text, /sec-websocket-protocol/i);
  await server.close();
});

Deno.test("[CO1] listenWs refuses as Deno.serve does: 400, 403, 426, 503, and 404 elsewhere", async () => {
  const server = await start(["--max-connections", "1"]);
  const client = new TestClient(`ws://127.0.0.1:${server.port}/ws`, "");

  const origin = await knock(server, { headers: { Origin: "https://else.example" } });
  await client.hear("welcome");
  const full = await knock(server);
  await client.close();
  const keyless = await knock(server, { key: "" });
  const elsewhere = await knock(server, { path: "/nowhere" });
  const plain = await fetch(server.url("/ws"));

  assert.deepEqual([origin.status, full.status, keyless.status, elsewhere.status, plain.status], [
    403,
    503,
    400,
    404,
    426,
  ]);
  assert.match(full.text, /retry-after: 5[\s\S]*"too-many-connections"/);
  assert.match(keyless.text, /sec-websocket-version: 13[\s\S]*"bad-handshake"/);
  assert.equal((await plain.json()).code, "upgrade-required");
  await server.close();
});

Deno.test("[CO10] listenWs counts clients behind a trusted proxy by its header", async () => {
  const flags = ["--trusted-proxy", "127.0.0.1", "--max-connections-per-address", "1"];
  const server = await start(flags);
  const from = (address: string) => ({ headers: { "X-Forwarded-For": address } });
  const first = await RawSocket.open(server.port, from("203.0.113.1"));
  await first.readUntil("welcome");

  const second = await knock(server, from("203.0.113.1"));
  const other = await knock(server, from("203.0.113.2"));

  assert.deepEqual([second.status, other.status], [429, 101]);
  first.drop();
  await server.close();
});

Deno.test("[TH1] listenWs counts guesses over HTTP for the client who makes them", async () => {
  const server = await start(["--trusted-proxy", "127.0.0.1"]);
  const guess = async (address: string) => {
    const headers = { "X-Forwarded-For": address };
    const { status, body } = await fetch(server.url("/api/rooms/123456"), { headers });
    await body?.cancel();
    return status;
  };
  for (let n = 0; n < 10; n++) assert.equal(await guess("203.0.113.1"), 404);

  assert.deepEqual([await guess("203.0.113.1"), await guess("203.0.113.2")], [429, 404]);
  await server.close();
});

Deno.test("listenWs serves the API with its bodies both ways", async () => {
  const server = await start();
  const made = await fetch(server.url("/api/rooms"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"kind":"meeting"}',
  });
  const tooLarge = await fetch(server.url("/api/rooms"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "x".repeat(2_000),
  });

  assert.deepEqual([made.status, tooLarge.status], [201, 413]);
  assert.match((await made.json()).roomId, /^\d{6}$/);
  assert.equal((await tooLarge.json()).code, "message-too-large");
  await server.close();
});

Deno.test("[ER4] listenWs closes sockets with 1012 when its owner stops", async () => {
  const server = await start();
  const client = new TestClient(`ws://127.0.0.1:${server.port}/ws`, "signalbox.v1");
  await client.hear("welcome");

  await server.close();

  assert.equal((await client.untilClosed()).code, 1012);
});

Deno.test("listenWs rejects for a port that is taken", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const app = createApp({ config: readConfig([], {}) });

  await assert.rejects(
    listenWs({
      address: { hostname: "127.0.0.1", port: taken.addr.port, tls: undefined },
      handler: app.handler,
      door: app.door,
      clock: systemClock,
      heartbeatMs: 15_000,
      maxMessageBytes: 65_536,
      messagesPerSecond: 100,
      maxPerAddress: 1,
    }),
    { code: "EADDRINUSE" },
  );
  taken.close();
  await app.close();
});

Deno.test("Listener.renew shows new clients the new certificate while a socket stays open", async () => {
  const [old, fresh] = await Promise.all([makeTlsPair(), makeTlsPair()]);
  const server = await start([], old);
  const client = Deno.createHttpClient({ caCerts: [old.cert] });
  const socket = new WebSocket(`wss://127.0.0.1:${server.port}/ws`, { client });
  const welcome = await new Promise<string>((resolve) =>
    socket.onmessage = ({ data }) => resolve(data)
  );
  assert.equal(await fingerprintAt(server.port), fingerprintOf(old.cert));

  server.listener.renew!(fresh);

  assert.equal(await fingerprintAt(server.port), fingerprintOf(fresh.cert));
  const pong = new Promise<string>((resolve) => socket.onmessage = ({ data }) => resolve(data));
  socket.send('{"type":"ping","at":1}');
  assert.deepEqual(JSON.parse(await pong), { type: "pong", at: 1 });
  assert.match(welcome, /"welcome"/);
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
  client.close();
  await server.close();
});

Deno.test("[TK1] listenWs demands a good token before it opens anything", async () => {
  const server = await start(["--token-secret", SECRET]);
  const good = await sign({});
  const statusOf = async (path: string, token?: string) => {
    const headers: Record<string, string> = token === undefined
      ? {}
      : { Authorization: `Bearer ${token}` };
    return (await knock(server, { path, headers })).status;
  };

  assert.equal(await statusOf("/ws"), 401);
  assert.equal(await statusOf("/ws", await sign({ exp: 1 })), 401);
  assert.equal(await statusOf(`/ws?access_token=${good}`, "x.y.z"), 401);
  assert.equal(await statusOf("/ws", good), 101);
  assert.equal(await statusOf(`/ws?access_token=${good}`), 101);
  await server.close();
});
