/**
 * A TURN server against 100,000 broken datagrams and streams: it throws for nothing, keeps nothing of
 * strangers, and goes on serving whoever is honest.
 */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { passwordOf } from "../../src/turn/credentials.ts";
import {
  ATTRIBUTE,
  longTermKey,
  METHOD,
  readMessage,
  writeMessage,
} from "../../src/turn/stun_message.ts";
import { REALM } from "../../src/turn/turn_server.ts";
import { peerAttribute, soonUsername, TURN_SECRET, TurnLab } from "../support/turn_lab.ts";
import { waitUntil } from "../support/wait_until.ts";

const MESSAGES = 100_000;

/** Numbers that look random and are the same each time (xorshift32). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Messages of every kind, some of them signed as they should be. */
function goodMessages(nonce: string): Uint8Array[] {
  const username = soonUsername("test/fuzz");
  const key = longTermKey(username, REALM, passwordOf(username, TURN_SECRET));
  const text = (value: string) => new TextEncoder().encode(value);
  const peer = peerAttribute({ address: "127.0.0.1", port: 9 });
  const all = [
    [ATTRIBUTE.requestedTransport, Uint8Array.of(17, 0, 0, 0)],
    [ATTRIBUTE.lifetime, Uint8Array.of(0, 0, 2, 0)],
    [ATTRIBUTE.channelNumber, Uint8Array.of(0x40, 1, 0, 0)],
    peer,
    [ATTRIBUTE.data, text("data")],
    [ATTRIBUTE.username, text(username)],
    [ATTRIBUTE.realm, text(REALM)],
    [ATTRIBUTE.nonce, text(nonce)],
  ] as const;
  const kinds = ["request", "indication", "success", "error"] as const;
  const messages = Object.values(METHOD).flatMap((method) =>
    kinds.map((kind, at) => {
      const transactionId = new Uint8Array(12).fill(at);
      return writeMessage({ kind, method, transactionId, attributes: all, key });
    })
  );
  return [...messages, Uint8Array.of(0x40, 1, 0, 4, 1, 2, 3, 4)];
}

/** A message with some of it changed, cut or added. */
function mutated(message: Uint8Array, next: (below: number) => number): Uint8Array {
  const bytes = [...message];
  for (let change = next(4); change >= 0; change--) {
    const at = next(bytes.length + 1);
    switch (next(5)) {
      case 0:
        bytes[at] = next(256);
        break;
      case 1:
        bytes.splice(at, next(8));
        break;
      case 2:
        bytes.splice(at, 0, ...Array.from({ length: next(8) }, () => next(256)));
        break;
      case 3: // A length, where the lengths of attributes are.
        bytes.splice(at & ~3, 4, 0, next(40), next(3), next(256));
        break;
      default:
        bytes.length = Math.min(bytes.length, at);
    }
  }
  return Uint8Array.from(bytes, (byte) => byte ?? 0);
}

/** The nonce that the server gives to loopback. */
async function nonceOf(lab: TurnLab): Promise<string> {
  const answers: Uint8Array[] = [];
  lab.server.receive(
    {
      ...{ key: "asks", from: { address: "127.0.0.1", port: 1 } },
      send: (bytes) => void answers.push(bytes),
    },
    writeMessage({
      ...{ kind: "request", method: METHOD.allocate, transactionId: new Uint8Array(12) },
      attributes: [],
    }),
  );
  await Promise.resolve();
  const nonce = readMessage(answers[0]!)?.attributes.get(ATTRIBUTE.nonce);
  assert.ok(nonce !== undefined);
  return new TextDecoder().decode(nonce);
}

Deno.test("a TURN server throws for none of 100,000 broken messages, and answers no other's", async () => {
  await using lab = await TurnLab.start();
  const messages = goodMessages(await nonceOf(lab));
  const next = numbersFrom(20261129);
  const transactions = new Set<string>();
  const answers: Uint8Array[] = [];

  for (let n = 0; n < MESSAGES; n++) {
    const bytes = mutated(messages[next(messages.length)]!, next);
    transactions.add(bytes.subarray(8, 20).toHex());
    lab.server.receive({
      ...{ key: `udp ${n % 50}`, from: { address: "127.0.0.1", port: 1 + n % 50 } },
      send: (answer) => void answers.push(answer),
    }, bytes);
    if (n % 1_000 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  assert.ok(answers.length > 1_000, `${answers.length} answers`);
  for (const answer of answers) {
    const message = readMessage(answer);
    assert.ok(message !== undefined && message.kind !== "request");
    assert.ok(transactions.has(message.transactionId.toHex()));
  }
  await using honest = await lab.client();
  assert.equal((await honest.allocate()).address, "127.0.0.1");
});

Deno.test("a TURN server lives through broken datagrams and streams at its port", async () => {
  await using lab = await TurnLab.start();
  const messages = goodMessages(await nonceOf(lab));
  const next = numbersFrom(4711);
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));

  for (let n = 0; n < 20_000; n++) {
    const bytes = mutated(messages[next(messages.length)]!, next);
    await new Promise<void>((resolve) =>
      socket.send(bytes, lab.port, "127.0.0.1", () => resolve())
    );
  }
  for (let n = 0; n < 100; n++) {
    const stream = connect({ host: "127.0.0.1", port: lab.port });
    stream.on("error", () => {}); // Its close follows.
    const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
    for (let part = 0; part < 20; part++) {
      stream.write(mutated(messages[next(messages.length)]!, next));
    }
    stream.end();
    stream.resume();
    await closed;
  }
  await new Promise<void>((resolve) => socket.close(() => resolve()));

  await waitUntil(() => lab.listener.connectionCount === 0 ? undefined : "streams are kept");
  await using overUdp = await lab.client("udp");
  await using overTcp = await lab.client("tcp");
  assert.deepEqual((await overUdp.allocate()).address, (await overTcp.allocate()).address);
});
