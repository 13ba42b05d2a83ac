/**
 * What every Socket promises, with a real peer at the other end. Each adapter's test runs it on a
 * server of its own kind; what is true of one adapter alone stands in that adapter's file.
 */
import assert from "node:assert/strict";
import type { Socket, SocketListener } from "../../src/signaling/mod.ts";
import { RawSocket } from "../support/raw_socket.ts";
import { waitUntil } from "../support/wait_until.ts";

/** A server whose every handshake becomes a socket of the kind under test. */
export type SocketServer = { readonly port: number; readonly close: () => Promise<void> };

/** Starts a server that selects `signalbox.v1` and gives its sockets to `listener`. */
export type StartSockets = (listener: SocketListener) => Promise<SocketServer>;

/** A server, and what its sockets were told. */
export type WatchedSockets = {
  readonly server: SocketServer;
  /** `open`, `frame …`, `bytes …` and `closed`, of all sockets in one order. */
  readonly events: readonly string[];
  /** Waits for an event. */
  readonly until: (event: string) => Promise<void>;
  /** The socket that opened last. */
  readonly socket: () => Socket;
};

/** Starts a server whose sockets write down what they are told. */
export async function watchSockets(start: StartSockets): Promise<WatchedSockets> {
  const events: string[] = [];
  let socket: Socket | undefined;
  const server = await start({
    onOpen: (opened) => {
      socket = opened;
      events.push("open");
    },
    onFrame: (text) => events.push(`frame ${text}`),
    onBytes: (bytes) => events.push(`bytes ${bytes}`),
    onClosed: () => events.push("closed"),
  });
  const until = (event: string) =>
    waitUntil(() => events.includes(event) ? undefined : `events: ${events.slice(0, 9)}`);
  return { server, events, until, socket: () => socket! };
}

/** A browser's kind of client, the frames that it got, and how it was closed. */
export type WatchedClient = {
  readonly client: WebSocket;
  readonly frames: readonly string[];
  readonly bytes: readonly Uint8Array[];
  readonly closed: Promise<CloseEvent>;
};

/** Connects a client that keeps what it gets. */
export async function connect(port: number): Promise<WatchedClient> {
  const client = new WebSocket(`ws://127.0.0.1:${port}/`, "signalbox.v1");
  const frames: string[] = [];
  const bytes: Uint8Array[] = [];
  client.binaryType = "arraybuffer";
  client.onmessage = ({ data }) => {
    if (typeof data === "string") frames.push(data);
    else bytes.push(new Uint8Array(data));
  };
  client.onerror = () => {}; // A close follows.
  const closed = new Promise<CloseEvent>((resolve) => client.onclose = resolve);
  await new Promise((resolve) => client.onopen = resolve);
  return { client, frames, bytes, closed };
}

/** Registers the suite for one adapter. */
export function socketContract(name: string, start: StartSockets): void {
  Deno.test(`${name} tells of open, text and binary frames, and the end, once each`, async () => {
    const { server, events, until } = await watchSockets(start);
    const { client, closed } = await connect(server.port);

    client.send("text");
    client.send(new Uint8Array([0, 127, 255]));
    await until("bytes 0,127,255");
    client.close();
    await closed;
    await until("closed");

    assert.deepEqual(events, ["open", "frame text", "bytes 0,127,255", "closed"]);
    await server.close();
  });

  Deno.test(`${name} tells of a peer that drops`, async () => {
    const { server, events, until } = await watchSockets(start);
    const raw = await RawSocket.open(server.port);
    await until("open");

    raw.drop();
    await until("closed");

    assert.deepEqual(events, ["open", "closed"]);
    await server.close();
  });

  Deno.test(`${name} puts a fragmented text together`, async () => {
    const { server, until } = await watchSockets(start);
    const raw = await RawSocket.open(server.port);
    const bytes = new TextEncoder().encode("f\u00fcnf");

    await raw.writeFrame(bytes.subarray(0, 2), { isFinal: false });
    await raw.writeFrame(bytes.subarray(2), { opcode: 0 });
    await until("frame f\u00fcnf");

    raw.drop();
    await until("closed");
    await server.close();
  });

  Deno.test(`[CO5] ${name}.sendAll sends every frame, in order, beside what send sends`, async () => {
    const { server, socket, until } = await watchSockets(start);
    const { client, frames, closed } = await connect(server.port);
    await until("open");
    const many = Array.from({ length: 1_000 }, (_, n) => `${n}`);

    socket().send("first");
    socket().sendAll(many);
    socket().sendAll([]);
    socket().send("last");
    await waitUntil(() => frames.includes("last") ? undefined : `${frames.length} frames`);

    assert.deepEqual(frames, ["first", ...many, "last"]);
    client.close();
    await closed;
    await until("closed");
    await server.close();
  });

  Deno.test(`[FR6] ${name}.sendBytes sends the bytes as they are then, in order with the text`, async () => {
    const { server, socket, until } = await watchSockets(start);
    const { client, frames, bytes, closed } = await connect(server.port);
    await until("open");
    const order: string[] = [];
    client.addEventListener("message", ({ data }) => order.push(typeof data));
    const large = new Uint8Array(200_000).map((_, n) => n % 251);

    socket().send("before");
    socket().sendBytes(large);
    socket().sendBytes(large.subarray(1, 3));
    socket().send("after");
    await waitUntil(() => frames.includes("after") ? undefined : `${frames.length} frames`);

    assert.deepEqual(order, ["string", "object", "object", "string"]);
    assert.deepEqual(bytes, [large, new Uint8Array([1, 2])]);
    client.close();
    await closed;
    await until("closed");
    socket().sendBytes(large);
    await server.close();
  });

  Deno.test(`[FR6] ${name} gives each listener bytes of its own, which it may change`, async () => {
    const received: Uint8Array[] = [];
    const { server, events, until } = await watchSockets((listener) =>
      start({
        ...listener,
        onBytes: (bytes) => {
          bytes[0] = 9;
          received.push(bytes);
          listener.onBytes(bytes);
        },
      })
    );
    const { client, closed } = await connect(server.port);

    for (let n = 0; n < 3; n++) client.send(new Uint8Array([n, n]));
    await until("bytes 9,2");

    assert.deepEqual(received.map(String), ["9,0", "9,1", "9,2"]);
    client.close();
    await closed;
    await until("closed");
    assert.equal(events.at(-1), "closed");
    await server.close();
  });

  Deno.test(`${name}.close ends with its code and reason, and nothing is sent after it`, async () => {
    const { server, socket, until } = await watchSockets(start);
    const { frames, closed } = await connect(server.port);
    await until("open");

    socket().send("last");
    socket().close(1012, "server-shutting-down");
    socket().close(1000, "again");
    socket().send("too late");
    socket().sendAll(["too late", "as well"]);
    const { code, reason } = await closed;

    assert.deepEqual([code, reason], [1012, "server-shutting-down"]);
    assert.deepEqual(frames, ["last"]);
    await until("closed");
    socket().sendAll(["much too late"]);
    await server.close();
  });

  Deno.test(`${name}.closeLingering lets a peer that is still sending read what was said`, async () => {
    const { server, socket, until } = await watchSockets(start);
    const { client, frames, closed } = await connect(server.port);
    await until("open");

    for (let n = 0; n < 2_000; n++) client.send("x".repeat(500));
    await until(`frame ${"x".repeat(500)}`);
    socket().send("why");
    socket().closeLingering(1008, "rate-limited");
    const { code, reason } = await closed;

    assert.deepEqual([code, reason, frames], [1008, "rate-limited", ["why"]]);
    await until("closed");
    await server.close();
  });

  Deno.test(`${name}.closeLingering is over when the peer goes first`, async () => {
    const { server, socket, until } = await watchSockets(start);
    const raw = await RawSocket.open(server.port);
    await until("open");

    socket().closeLingering(1008, "rate-limited");
    raw.drop();
    await until("closed");

    // A timer that stayed behind would be a leak to the sanitizers.
    await server.close();
  });

  Deno.test(`${name}.bufferedBytes grows while the peer does not read`, async () => {
    const { server, socket, until } = await watchSockets(start);
    const raw = await RawSocket.open(server.port, {
      headers: { "Sec-WebSocket-Protocol": "signalbox.v1" },
    });
    await until("open");
    assert.equal(socket().protocol, "signalbox.v1");

    for (let n = 0; n < 300; n++) socket().send("x".repeat(50_000));
    const { bufferedBytes } = socket();
    socket().sendBytes(new Uint8Array(50_000));

    assert.ok(bufferedBytes > 1_000_000);
    assert.ok(socket().bufferedBytes >= bufferedBytes + 50_000);
    raw.drop();
    await until("closed");
    await server.close();
  });
}
