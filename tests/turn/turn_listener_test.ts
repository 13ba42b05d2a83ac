/** The sockets of a TURN server. */
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { ATTRIBUTE, METHOD, readMessage, writeMessage } from "../../src/turn/stun_message.ts";
import {
  IDLE_MS,
  MAX_CONNECTIONS_PER_ADDRESS,
  TurnListener,
} from "../../src/turn/turn_listener.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { soonUsername, TurnLab } from "../support/turn_lab.ts";
import { waitUntil } from "../support/wait_until.ts";

const BINDING = writeMessage({
  ...{ kind: "request", method: METHOD.binding, transactionId: new Uint8Array(12) },
  attributes: [],
});

async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => {}); // The close follows.
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  return socket;
}

/** Resolves when the other side has ended it. */
const ended = (socket: Socket) =>
  new Promise<void>((resolve) => socket.once("close", () => resolve()));

Deno.test("TurnListener answers messages of a stream that come in pieces", async () => {
  await using lab = await TurnLab.start();
  const socket = await dial(lab.port);
  const closed = ended(socket);
  const answers: Uint8Array[] = [];
  socket.on("data", (bytes: Uint8Array) => answers.push(bytes));

  for (const byte of BINDING) socket.write(Uint8Array.of(byte));

  await waitUntil(() => answers.length > 0 ? undefined : "no answer");
  const message = readMessage(answers[0]!);
  assert.equal(message?.kind, "success");
  assert.equal(message?.attributes.has(ATTRIBUTE.xorMappedAddress), true);
  socket.destroy();
  await closed;
});

Deno.test("TurnListener ends a connection that speaks something else", async () => {
  await using lab = await TurnLab.start();
  const socket = await dial(lab.port);
  const closed = ended(socket);

  socket.write("GET / HTTP/1.1\r\n\r\n");

  await closed;
  await waitUntil(() => lab.listener.connectionCount === 0 ? undefined : "it is kept");
});

Deno.test("TurnListener ends connections that allocate nothing, and leaves the others", async () => {
  const clock = new FakeClock();
  await using lab = await TurnLab.start({ clock });
  const username = `${Math.floor(clock.now() / 1000) + 60}:test/ann`;
  await using client = await lab.client("tcp", { username });
  await client.allocate();
  const idle = await dial(lab.port);
  const closed = ended(idle);
  await waitUntil(() => lab.listener.connectionCount === 2 ? undefined : "not accepted");

  clock.advance(IDLE_MS + 5_000);

  await closed;
  assert.equal(lab.listener.connectionCount, 1);
  assert.equal((await client.request(METHOD.refresh)).kind, "success");
});

Deno.test("TurnListener takes no more connections of an address than it may hold", async () => {
  await using lab = await TurnLab.start();
  const sockets: Socket[] = [];
  for (let n = 0; n < MAX_CONNECTIONS_PER_ADDRESS; n++) sockets.push(await dial(lab.port));
  await waitUntil(() =>
    lab.listener.connectionCount === MAX_CONNECTIONS_PER_ADDRESS ? undefined : "not accepted"
  );

  const beyond = await dial(lab.port);
  await ended(beyond);

  assert.equal(lab.listener.connectionCount, MAX_CONNECTIONS_PER_ADDRESS);
  const gone = sockets.map(ended);
  for (const socket of sockets) socket.destroy();
  await Promise.all(gone);
});

Deno.test("TurnListener gives up a client over TCP that asks and does not read", async () => {
  await using lab = await TurnLab.start();
  await using other = await lab.client("tcp");
  await other.allocate();
  const socket = await dial(lab.port);
  let isEnded = false;
  socket.once("close", () => isEnded = true);
  socket.pause();
  const flood = Uint8Array.from(Array(500).fill([...BINDING]).flat());

  // What both kernels keep for it, and then what the server does.
  await waitUntil(() => {
    if (!isEnded && socket.writableLength < 1_000_000) socket.write(flood);
    return isEnded || lab.listener.connectionCount === 1 ? undefined : "it is kept";
  });

  assert.equal((await other.request(METHOD.refresh)).kind, "success");
  socket.destroy();
});

Deno.test("TurnListener.open rejects where a port is taken, and leaves none open", async () => {
  await using lab = await TurnLab.start();
  const { server, port } = lab;
  const options = { server, port, bindAddress: "127.0.0.1", clock: new FakeClock() };

  await assert.rejects(TurnListener.open(options), /EADDRINUSE|in use/i);
  await using client = await lab.client("tcp", { username: soonUsername() });
  assert.equal((await client.allocate()).address, "127.0.0.1");
});
