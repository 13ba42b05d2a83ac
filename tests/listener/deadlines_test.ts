/** Connections that take too long, on a real port and a clock that the test moves. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Deadlines } from "../../src/listener/deadlines.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { waitUntil } from "../support/wait_until.ts";

const HEADERS = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n";

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/**
 * A server that answers a request when its body is there, or unread, and clients to it. Unread and
 * without an answer, the answer is written by hand and goes on.
 */
async function setUp(answer = "done", { readsBodies = true } = {}) {
  const clock = new FakeClock();
  const deadlines = new Deadlines(clock);
  let requests = 0;
  let ends = 0;
  let write = (_text: string): void => assert.fail("There is no answer to write into");
  const server = createServer((incoming, outgoing) => {
    requests++;
    deadlines.requested(incoming, outgoing);
    incoming.once("end", () => ends++);
    if (!readsBodies && answer === "") return void (write = (text) => void outgoing.write(text));
    if (!readsBodies) return void outgoing.end(answer, () => incoming.resume());
    incoming.resume().on("end", () => {
      if (answer !== "") outgoing.end(answer);
    });
  });
  server.on("connection", (socket) => deadlines.accepted(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // It is bound to an address and a port.
  const connect = async (first: string) => {
    const before = deadlines.size;
    const client = await Deno.connect({ hostname: "127.0.0.1", port });
    await waitUntil(() => deadlines.size > before ? undefined : "not accepted");
    const send = (text: string) => client.write(new TextEncoder().encode(text));
    await send(first);
    return { client, send };
  };
  const close = async (...clients: { client: Deno.Conn }[]) => {
    for (const { client } of clients) client.close();
    await deadlines.end(0);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    assert.equal(clock.pending, 0);
  };
  const untilRequests = (count: number) =>
    waitUntil(() => requests === count ? undefined : `${requests} requests`);
  const untilEnds = (count: number) =>
    waitUntil(() => ends === count ? undefined : `${ends} bodies have ended`);
  return {
    ...{ clock, deadlines, connect, close, untilRequests, untilEnds },
    write: (text: string) => write(text),
  };
}

/** What the server sends, until `text` has come or the connection ends. */
async function readUntil({ client }: { client: Deno.Conn }, text?: string): Promise<string> {
  const buffer = new Uint8Array(1_024);
  let seen = "";
  for (;;) {
    // A connection that is reset ends like one that is closed.
    const length = await client.read(buffer).catch(() => null);
    if (length === null) return seen;
    seen += new TextDecoder().decode(buffer.subarray(0, length));
    if (text !== undefined && seen.includes(text)) return seen;
  }
}

Deno.test("[CO11] Deadlines ends a connection whose headers take too long, silent or not", async () => {
  const { clock, deadlines, connect, close } = await setUp();
  const clients = [await connect(""), await connect("GET / HTTP/1.1\r\nHost: local")];

  clock.advance(9_999);
  assert.equal(deadlines.size, 2);
  clock.advance(1);

  assert.deepEqual(await Promise.all(clients.map((one) => readUntil(one))), ["", ""]);
  await close(...clients);
});

Deno.test("[CO11] Deadlines ends a connection whose body takes too long", async () => {
  const { clock, deadlines, connect, close, untilRequests } = await setUp();
  const slow = await connect(HEADERS);
  await untilRequests(1);

  clock.advance(29_999);
  assert.equal(deadlines.size, 1);
  clock.advance(1);

  assert.equal(await readUntil(slow), "");
  await close(slow);
});

Deno.test("[CO11] Deadlines leaves an answer its time, and gives the next request its own", async () => {
  const { clock, deadlines, connect, close, untilRequests } = await setUp();
  const client = await connect(HEADERS);
  await untilRequests(1);
  clock.advance(20_000);
  await client.send("12");
  assert.match(await readUntil(client, "done"), /^HTTP\/1\.1 200 /);
  await waitUntil(() => clock.pending === 1 ? undefined : "no deadline for the next request");

  clock.advance(9_999);
  assert.equal(deadlines.size, 1);
  clock.advance(1);

  assert.equal(await readUntil(client), "");
  await close(client);
});

Deno.test("[CO11] Deadlines ends an idle connection whose last body ended behind its answer", async () => {
  const { clock, deadlines, connect, close, untilEnds } = await setUp("done", {
    readsBodies: false,
  });
  const client = await connect(GET);
  assert.match(await readUntil(client, "done"), /^HTTP\/1\.1 200 /);
  await untilEnds(1);
  await waitUntil(() => clock.pending === 1 ? undefined : "no deadline for the next request");

  clock.advance(9_999);
  assert.equal(deadlines.size, 1);
  clock.advance(1);

  assert.equal(await readUntil(client), "");
  await close(client);
});

Deno.test("[CO11] Deadlines lets an answer go on without end while it is read, or nothing is to be read", async () => {
  const { clock, deadlines, connect, close, untilRequests, write } = await setUp("", {
    readsBodies: false,
  });
  const client = await connect(GET);
  await untilRequests(1);

  for (const part of ["one", "two", "three"]) {
    write(part);
    assert.match(await readUntil(client, part), new RegExp(part));
    for (let n = 0; n < 3; n++) clock.advance(30_000);
    assert.equal(deadlines.size, 1);
  }
  await close(client);
});

Deno.test("[CO11] Deadlines ends a connection that takes nothing of its answer, and one without", async () => {
  const { clock, connect, close, untilRequests, write } = await setUp("", { readsBodies: false });
  const silent = await connect(GET);
  await untilRequests(1);
  clock.advance(29_999);
  clock.advance(1);
  assert.equal(await readUntil(silent), ""); // Nobody has answered.

  const slow = await connect(GET);
  await untilRequests(2);
  write("x".repeat(40_000_000));
  let looks = 0; // What the kernel takes is progress, as long as it takes anything.
  await waitUntil(() => {
    clock.advance(30_000);
    looks++;
    return clock.pending === 0 ? undefined : "the connection is open";
  });

  assert.ok(looks > 1);
  assert.ok((await readUntil(slow)).length < 40_000_000);
  await close(silent, slow);
});

Deno.test("Deadlines.end waits for answers under way, and not beyond its bound", async () => {
  const { clock, deadlines, connect, close, untilRequests } = await setUp("");
  const client = await connect(`${HEADERS}12`);
  await untilRequests(1);

  let hasEnded = false;
  const ended = deadlines.end(500).then(() => hasEnded = true);
  clock.advance(0);
  assert.equal(hasEnded, false);
  await waitUntil(() => {
    clock.advance(10);
    return hasEnded ? undefined : "it waits";
  });

  await ended;
  assert.equal(await readUntil(client), "");
  await close(client);
});
