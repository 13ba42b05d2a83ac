/** The doctor's client of TURN, over UDP, TCP and TLS. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { createServer } from "node:tls";
import type { AddressInfo } from "node:net";
import { errorCodeOf, NoAnswer, TurnExchange } from "../../../cli/doctor/turn_exchange.ts";
import { systemClock } from "../../../src/base/mod.ts";
import { passwordOf } from "../../../src/turn/credentials.ts";
import { METHOD, readMessage, writeMessage } from "../../../src/turn/stun_message.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { OVER_UDP, soonUsername, TURN_SECRET, TurnLab } from "../../support/turn_lab.ts";

const username = soonUsername();
const options = { username, credential: passwordOf(username, TURN_SECRET), clock: systemClock };

for (const transport of ["udp", "tcp"] as const) {
  Deno.test(`TurnExchange shows its credentials over ${transport} once it is challenged`, async () => {
    await using lab = await TurnLab.start();
    const target = { host: "127.0.0.1", port: lab.port, transport };
    await using exchange = await TurnExchange.open(target, options);

    const { kind } = await exchange.request(METHOD.allocate, OVER_UDP);

    assert.equal(kind, "success");
    assert.equal(lab.server.allocationCount, 1);
  });
}

Deno.test("TurnExchange speaks TLS with whom it trusts, and with nobody else", async () => {
  await using lab = await TurnLab.start();
  const folder = await Deno.makeTempDir();
  const { cert, key } = await makeCertificate(folder);
  const ca = await Deno.readTextFile(cert);
  // As a proxy that ends TLS in front of TURN over TCP.
  const proxy = createServer({ cert: ca, key: await Deno.readTextFile(key) }, (client) => {
    const upstream = connect({ host: "127.0.0.1", port: lab.port });
    for (const socket of [client, upstream]) socket.on("error", () => {}); // The close follows.
    client.pipe(upstream).pipe(client);
    client.once("close", () => upstream.destroy());
  });
  proxy.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo; // It listens.
  const target = { host: "localhost", port, transport: "tls" } as const;
  {
    await using exchange = await TurnExchange.open(target, { ...options, ca });
    assert.equal((await exchange.request(METHOD.allocate, OVER_UDP)).kind, "success");
  }
  await assert.rejects(TurnExchange.open(target, options), NoAnswer);

  await new Promise<void>((resolve) => proxy.close(() => resolve()));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("TurnExchange repeats a request over UDP that gets lost", async () => {
  const server = createSocket("udp4");
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  let heard = 0;
  server.on("message", (bytes: Uint8Array, { address, port }) => {
    if (++heard === 1) return; // Lost.
    const { method, transactionId } = readMessage(bytes)!;
    const answer = writeMessage({ kind: "success", method, transactionId, attributes: [] });
    server.send(answer, port, address);
  });
  const { port } = server.address();
  {
    const target = { host: "127.0.0.1", port, transport: "udp" } as const;
    await using exchange = await TurnExchange.open(target, options);
    assert.equal((await exchange.request(METHOD.binding)).kind, "success");
  }
  assert.equal(heard, 2);
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

Deno.test("TurnExchange rejects where the other side goes away", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const target = { host: "127.0.0.1", port, transport: "tcp" } as const;
  const accepted = listener.accept();
  await using exchange = await TurnExchange.open(target, options);

  const asked = exchange.request(METHOD.binding);
  (await accepted).close();

  await assert.rejects(asked, NoAnswer);
  await assert.rejects(exchange.request(METHOD.binding), NoAnswer);
  listener.close();
  await assert.rejects(TurnExchange.open(target, options), NoAnswer);
});

Deno.test("errorCodeOf tells the code of errors alone", () => {
  const transactionId = new Uint8Array(12);
  const parts = { method: METHOD.binding, transactionId, attributes: [] };

  assert.equal(errorCodeOf(readMessage(writeMessage({ ...parts, kind: "success" }))!), undefined);
  assert.equal(errorCodeOf(readMessage(writeMessage({ ...parts, kind: "error" }))!), undefined);
});
