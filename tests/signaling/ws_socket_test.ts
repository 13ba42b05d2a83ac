/** The socket of the package `ws` behind the Socket interface, with a real peer at the other end. */
import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { connect, socketContract, watchSockets } from "../contracts/socket_contract.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { Opcode, RawSocket } from "../support/raw_socket.ts";
import { waitUntil } from "../support/wait_until.ts";
import { MAX_PAYLOAD, startWsSockets } from "../support/ws_sockets.ts";

/** The header of an empty ping, as text: the first byte is no UTF-8. */
const PING = "\ufffd\0";

socketContract("WsSocket", startWsSockets);

Deno.test("[CO5] WsSocket.sendAll hands the frames of a turn to the network in one write", async () => {
  const writes: number[] = [];
  const { server, socket, until } = await watchSockets((listener) =>
    startWsSockets(listener, { onStream: (stream) => countWrites(stream, writes) })
  );
  const { client, frames, closed } = await connect(server.port);
  await until("open");
  writes.length = 0;

  socket().sendAll(["1", "2", "3"]);
  await waitUntil(() => frames.length === 3 ? undefined : `${frames}`);

  // Header and payload are a chunk each.
  assert.deepEqual(writes, [6]);
  client.close();
  await closed;
  await until("closed");
  await server.close();
});

Deno.test("[CO8] WsSocket pings within each heartbeat and keeps a peer that answers", async () => {
  const clock = new FakeClock();
  const { server, events, until } = await watchSockets((listener) =>
    startWsSockets(listener, { clock, heartbeatMs: 1_000 })
  );
  const raw = await RawSocket.open(server.port);
  await raw.readUntil("\r\n\r\n");

  for (const beat of ["1", "2", "3"]) {
    clock.advance(500);
    await raw.readUntil(PING);
    await raw.writeFrame(new Uint8Array(0), { opcode: Opcode.pong });
    await raw.writeFrame(new TextEncoder().encode(beat));
    await until(`frame ${beat}`);
  }

  assert.deepEqual(events, ["open", "frame 1", "frame 2", "frame 3"]);
  raw.drop();
  await until("closed");
  assert.equal(clock.pending, 0);
  await server.close();
});

Deno.test("[CO8] WsSocket ends a peer that does not answer its ping", async () => {
  const clock = new FakeClock();
  const { server, events, until } = await watchSockets((listener) =>
    startWsSockets(listener, { clock, heartbeatMs: 1_000 })
  );
  const raw = await RawSocket.open(server.port);
  await raw.readUntil("\r\n\r\n");

  clock.advance(500);
  await raw.readUntil(PING);
  assert.deepEqual(events, ["open"]);
  clock.advance(500);
  await until("closed");

  assert.equal(await raw.readClose(), undefined);
  raw.drop();
  assert.equal(clock.pending, 0);
  await server.close();
});

Deno.test("WsSocket.closeLingering ends a stalled peer after the timeout", async () => {
  const { server, socket, until } = await watchSockets(startWsSockets);
  const raw = await RawSocket.open(server.port);
  await until("open");
  for (let n = 0; n < 300; n++) socket().send("x".repeat(50_000));

  socket().closeLingering(1008, "slow-consumer");
  await until("closed");

  raw.drop();
  await server.close();
});

Deno.test("[ME7] WsSocket refuses a message beyond the bound by its header", async () => {
  const { server, events, until } = await watchSockets(startWsSockets);
  const raw = await RawSocket.open(server.port);
  await raw.readUntil("\r\n\r\n");

  await raw.writeFrame(new Uint8Array(MAX_PAYLOAD + 1).fill(0x61));

  assert.deepEqual(await raw.readClose(), { code: 1009, reason: "" });
  await until("closed");
  assert.deepEqual(events, ["open", "closed"]);
  raw.drop();
  await server.close();
});

Deno.test("WsSocket reads a peer that it closes only a little further", async () => {
  let stream: Duplex | undefined;
  const { server, socket, until } = await watchSockets((listener) =>
    startWsSockets(listener, { onStream: (one) => stream = one })
  );
  const raw = await RawSocket.open(server.port);
  await until("open");

  socket().closeLingering(1008, "rate-limited");
  const sending = (async () => {
    for (let n = 0; n < 1_000; n++) await raw.writeFrame(new Uint8Array(50_000));
  })().catch(() => {}); // The server ends the connection under it.
  await waitUntil(() => stream?.isPaused() ? undefined : "the server reads on");
  await until("closed");

  raw.drop();
  await sending;
  await server.close();
});

Deno.test("WsSocket reads a flood no faster than its window, to the end", async () => {
  let pauses = 0;
  const { server, events, until } = await watchSockets((listener) =>
    startWsSockets(listener, { onStream: (stream) => stream.on("pause", () => pauses++) })
  );
  const raw = await RawSocket.open(server.port);
  await raw.readUntil("\r\n\r\n");

  for (let n = 0; n < 60; n++) await raw.writeFrame(new Uint8Array(50_000).fill(0x61));
  await raw.writeFrame(new Uint8Array([0x62]));
  await until("frame b");

  assert.equal(events.length, 62);
  assert.ok(pauses >= 2, `${pauses} pauses`);
  raw.drop();
  await until("closed");
  await server.close();
});

/** Writes down how many chunks each write to the network has. */
function countWrites(stream: Duplex, writes: number[]): void {
  const writev = stream._writev!.bind(stream);
  stream._writev = (chunks, callback) => {
    writes.push(chunks.length);
    writev(chunks, callback);
  };
}
