/** The native socket behind the Socket interface, with a real peer at the other end. */
import assert from "node:assert/strict";
import { systemClock } from "../../src/base/mod.ts";
import { attachDenoSocket, type Socket } from "../../src/signaling/mod.ts";
import { RawSocket } from "../support/raw_socket.ts";
import { waitUntil } from "../support/wait_until.ts";

/** A server whose sockets write down what they are told. */
function listen() {
  const events: string[] = [];
  let socket: Socket | undefined;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { socket: native, response } = Deno.upgradeWebSocket(request);
    attachDenoSocket(native, {
      onOpen: (opened) => {
        socket = opened;
        events.push("open");
      },
      onFrame: (text) => events.push(`frame ${text}`),
      onClosed: () => events.push("closed"),
    }, { clock: systemClock, protocol: "signalbox.v1" });
    return response;
  });
  const until = (event: string) =>
    waitUntil(() => events.includes(event) ? undefined : `events: ${events}`);
  return { server, events, until, socket: () => socket! };
}

async function connect(port: number) {
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  const frames: string[] = [];
  client.onmessage = ({ data }) => frames.push(data);
  const closed = new Promise<CloseEvent>((resolve) => client.onclose = resolve);
  await new Promise((resolve) => client.onopen = resolve);
  return { client, frames, closed };
}

Deno.test("attachDenoSocket tells of open, text and binary frames, and the end, once each", async () => {
  const { server, events, until } = listen();
  const { client, closed } = await connect(server.addr.port);

  client.send("text");
  client.send(new Uint8Array(3));
  await until("frame undefined");
  client.close();
  await closed;
  await until("closed");

  assert.deepEqual(events, ["open", "frame text", "frame undefined", "closed"]);
  await server.shutdown();
});

Deno.test("attachDenoSocket tells of a peer that drops", async () => {
  const { server, events, until } = listen();
  const raw = await RawSocket.open(server.addr.port);
  await until("open");

  raw.drop();
  await until("closed");

  assert.deepEqual(events, ["open", "closed"]);
  await server.shutdown();
});

Deno.test("Socket.close ends with its code and reason, and nothing is sent after it", async () => {
  const { server, socket, until } = listen();
  const { frames, closed } = await connect(server.addr.port);
  await until("open");

  socket().send("last");
  socket().close(1012, "server-shutting-down");
  socket().close(1000, "again");
  socket().send("too late");
  const { code, reason } = await closed;

  assert.deepEqual([code, reason], [1012, "server-shutting-down"]);
  assert.deepEqual(frames, ["last"]);
  await until("closed");
  socket().send("much too late");
  await server.shutdown();
});

Deno.test("Socket.closeLingering lets a peer that is still sending read what was said", async () => {
  const { server, socket, until } = listen();
  const { client, frames, closed } = await connect(server.addr.port);
  await until("open");

  for (let n = 0; n < 2_000; n++) client.send("x".repeat(500));
  await until(`frame ${"x".repeat(500)}`);
  socket().send("why");
  socket().closeLingering(1008, "rate-limited");
  const { code, reason } = await closed;

  assert.deepEqual([code, reason, frames], [1008, "rate-limited", ["why"]]);
  await until("closed");
  await server.shutdown();
});

Deno.test("Socket.closeLingering is over when the peer goes first", async () => {
  const { server, socket, until } = listen();
  const raw = await RawSocket.open(server.addr.port);
  await until("open");

  socket().closeLingering(1008, "rate-limited");
  raw.drop();
  await until("closed");

  // A timer that stayed behind would be a leak to the sanitizers.
  await server.shutdown();
});

Deno.test("Socket.bufferedBytes grows while the peer does not read", async () => {
  const { server, socket, until } = listen();
  const raw = await RawSocket.open(server.addr.port);
  await until("open");
  assert.deepEqual([socket().bufferedBytes, socket().protocol], [0, "signalbox.v1"]);

  for (let n = 0; n < 300; n++) socket().send("x".repeat(50_000));

  assert.ok(socket().bufferedBytes > 1_000_000);
  raw.drop();
  await until("closed");
  await server.shutdown();
});
