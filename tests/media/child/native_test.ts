/**
 * Transports of the native addon, in a process of their own: what they promise, and that nothing that
 * a client can send ends the process.
 */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { bindUdpPort } from "../../support/ports.ts";
import { LabError, TransportLab } from "../../support/transport_lab.ts";

const FINGERPRINT = { algorithm: "sha-256", value: Array(32).fill("0A").join(":") };
const LOCAL = { usernameFragment: "local", password: "p".repeat(24) };
const REMOTE = {
  usernameFragment: "remote",
  password: "q".repeat(24),
  fingerprint: FINGERPRINT,
  setup: "actpass" as const,
};
/** A packet with this sequence number, in hexadecimal; its SSRC and type are those of no m-line. */
const packet = (n: number) => `807f${n.toString(16).padStart(4, "0")}00000bb8deadbeef010203`;

async function refuses(asked: Promise<unknown>, code: string, expected: RegExp): Promise<void> {
  await assert.rejects(
    asked,
    (error) => error instanceof LabError && error.code === code && expected.test(error.message),
  );
}

Deno.test("NativeTransports connects, and packets go both ways whatever their SSRC and type", async () => {
  await using lab = await TransportLab.start();

  await lab.ask("pair", { id: "one", hasData: false });
  await lab.until("one", "opened");
  assert.equal(await lab.ask("isOpen", { id: "one" }), true);
  assert.equal(await lab.ask("send", { id: "one", bytes: packet(1) }), true);
  await lab.untilHeard("one", packet(1));
  await lab.ask("peerSend", { id: "one", bytes: packet(2) });

  assert.equal(await lab.until("one", "packet"), `packet ${packet(2)}`);
  assert.deepEqual(await lab.ask("faults"), []);
});

Deno.test("NativeTransports keeps transports on one port apart", async () => {
  await using lab = await TransportLab.start();
  await lab.ask("pair", { id: "one", hasData: false });
  await lab.ask("pair", { id: "two", hasData: true });
  await lab.until("one", "opened");
  await lab.until("two", "opened");

  await lab.ask("peerSend", { id: "one", bytes: packet(1) });
  await lab.ask("peerSend", { id: "two", bytes: packet(2) });
  await lab.until("one", `packet ${packet(1)}`);
  await lab.until("two", `packet ${packet(2)}`);
  await lab.ask("close", { id: "one" });
  await lab.ask("peerSend", { id: "two", bytes: packet(3) });
  await lab.until("two", `packet ${packet(3)}`);

  assert.deepEqual(await lab.ask("events", { id: "one" }), ["opened", `packet ${packet(1)}`]);
  assert.equal(await lab.ask("size"), 1);
});

Deno.test("NativeTransports gives up a client that has not connected in 30 s, and no other", async () => {
  await using lab = await TransportLab.start();
  const options = { local: LOCAL, remote: REMOTE, hasData: false };
  await lab.ask("create", { id: "silent", options });
  const local = { ...LOCAL, usernameFragment: "another" };
  await lab.ask("create", { id: "left", options: { ...options, local } });
  await lab.ask("close", { id: "left" });
  await lab.ask("pair", { id: "one", hasData: false });
  await lab.until("one", "opened");

  await lab.ask("advance", { ms: 29_999 });
  assert.equal(await lab.ask("size"), 2);
  await lab.ask("advance", { ms: 1 });

  assert.deepEqual(await lab.ask("events", { id: "silent" }), ["closed not connected in time"]);
  assert.deepEqual(await lab.ask("events", { id: "left" }), []);
  assert.equal(await lab.ask("isOpen", { id: "one" }), true);
  assert.deepEqual([await lab.ask("size"), await lab.ask("timers")], [1, 0]);
});

Deno.test("Transport.sendMessage and its messages go over the data channel, also after a collection", async () => {
  await using lab = await TransportLab.start();
  await lab.ask("pair", { id: "one", hasData: true });
  await lab.ask("peerSay", { id: "one", text: "first" });
  await lab.until("one", "message first");

  await lab.ask("collect");
  assert.equal(await lab.ask("sendMessage", { id: "one", text: "back" }), true);
  await lab.untilHeard("one", "back");
  await lab.ask("collect");
  await lab.ask("peerSay", { id: "one", text: "second" });

  await lab.until("one", "message second");
  assert.equal(await lab.ask("bufferedAmount", { id: "one" }), 0);
});

Deno.test("Transport.sendMessage says no where there is no channel, or the message is too long", async () => {
  await using lab = await TransportLab.start();
  await lab.ask("pair", { id: "mute", hasData: false });
  await lab.ask("pair", { id: "one", hasData: true });
  await lab.ask("peerSay", { id: "one", text: "here" });
  await lab.until("one", "message here");

  assert.equal(await lab.ask("sendMessage", { id: "mute", text: "x" }), false);
  assert.equal(await lab.ask("sendMessage", { id: "one", text: "x".repeat(300_000) }), false);
  assert.equal(await lab.ask("sendMessage", { id: "one", text: "fits" }), true);
  await lab.untilHeard("one", "fits");
});

Deno.test("Transport.send says no before it is open and after its end", async () => {
  await using lab = await TransportLab.start();
  await lab.create("early", { local: LOCAL, remote: REMOTE, hasData: true });

  assert.equal(await lab.ask("send", { id: "early", bytes: packet(1) }), false);
  assert.equal(await lab.ask("sendMessage", { id: "early", text: "x" }), false);
  await lab.ask("close", { id: "early" });
  await lab.ask("close", { id: "early" });

  assert.equal(await lab.ask("send", { id: "early", bytes: packet(1) }), false);
  assert.equal(await lab.ask("bufferedAmount", { id: "early" }), 0);
  assert.deepEqual(await lab.ask("events", { id: "early" }), []);
});

Deno.test("Transport tells when the other side hangs up, and is not open any more", async () => {
  await using lab = await TransportLab.start();
  await lab.ask("pair", { id: "one", hasData: true });
  await lab.until("one", "opened");

  await lab.ask("peerClose", { id: "one" });

  assert.match(await lab.until("one", "closed"), /^closed (closed|disconnected|failed)$/);
  assert.equal(await lab.ask("isOpen", { id: "one" }), false);
  assert.equal(await lab.ask("send", { id: "one", bytes: packet(1) }), false);
  assert.equal(await lab.ask("size"), 0);
});

for (const fault of ["opened", "packet", "message", "closed"]) {
  Deno.test(`a fault of who is told "${fault}" is logged, and the process goes on`, async () => {
    await using lab = await TransportLab.start();
    await lab.ask("pair", { id: "one", hasData: true, fault });
    await lab.until("one", "opened");

    await lab.ask("peerSend", { id: "one", bytes: packet(1) });
    await lab.ask("peerSay", { id: "one", text: "text" });
    await lab.until("one", "packet");
    await lab.until("one", "message");
    await lab.ask("peerClose", { id: "one" });
    await lab.until("one", "closed");

    const [first] = await lab.ask<string[]>("faults");
    assert.match(
      first ?? "none",
      RegExp(`^transport callback failed ${fault} a fault in ${fault}`),
    );
  });
}

Deno.test("NativeTransports.create refuses what the addon would end the process over", async () => {
  await using lab = await TransportLab.start();
  const create = (local: object, remote: object) =>
    lab.ask("create", { id: "x", options: { local, remote, hasData: false } });

  for (const usernameFragment of ["", "a b", "x".repeat(300), "abc\r\n"]) {
    await refuses(create({ ...LOCAL, usernameFragment }, REMOTE), "bad-description", /ice-ufrag/);
    await refuses(create(LOCAL, { ...REMOTE, usernameFragment }), "bad-description", /ice-ufrag/);
  }
  await refuses(create(LOCAL, { ...REMOTE, password: "short" }), "bad-description", /ice-pwd/);
  const fingerprint = { algorithm: "sha-256", value: "nonsense" };
  await refuses(create(LOCAL, { ...REMOTE, fingerprint }), "bad-description", /fingerprint/);

  assert.equal(await lab.ask("size"), 0);
  await lab.ask("pair", { id: "after", hasData: false });
});

Deno.test("NativeTransports.create takes or refuses ten thousand odd descriptions, and goes on", async () => {
  await using lab = await TransportLab.start();

  const { refused, taken } = await lab.ask<Record<string, number>>("fuzz", { count: 10_000 });

  assert.ok(refused! > 1_000 && taken! > 1_000, `${refused} refused, ${taken} taken`);
  assert.equal(await lab.ask("size"), 0);
  await lab.ask("pair", { id: "after", hasData: true });
});

Deno.test("NativeTransports.open says that the port is taken, and takes it when it is free", async () => {
  await using lab = await TransportLab.idle();
  const giveBack = await bindUdpPort(lab.port);

  await refuses(lab.ask("open", { port: lab.port }), "unavailable", /another program has it/);
  await giveBack();
  await lab.ask("open", { port: lab.port, bindAddress: "127.0.0.1" });

  await lab.ask("pair", { id: "one", hasData: false });
});

Deno.test("NativeTransports holds its port while there is no transport, until it is closed", async () => {
  await using lab = await TransportLab.start();
  await lab.ask("pair", { id: "one", hasData: false });
  await lab.ask("close", { id: "one" });
  await assert.rejects(bindUdpPort(lab.port), /EADDRINUSE/);

  await lab.ask("pair", { id: "two", hasData: false });
  await lab.ask("end");

  assert.equal(await lab.ask("size"), 0);
  const other = await TransportLab.idle();
  await other.ask("open", { port: other.port });
  await other[Symbol.asyncDispose]();
});

Deno.test("NativeTransports takes whatever comes to its port, and who is connected stays so", async () => {
  await using lab = await TransportLab.start();
  await lab.ask("pair", { id: "one", hasData: false });
  const socket = createSocket("udp4");
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const send = (bytes: Uint8Array) =>
    new Promise<void>((resolve) => socket.send(bytes, lab.port, "127.0.0.1", () => resolve()));

  for (let n = 0; n < 2_000; n++) {
    await send(random(n % 1_400));
    await send(bindingRequest(`frag${n % 2 === 0 ? "one" : "none"}:x`, random(n % 90)));
  }
  socket.close();
  await lab.ask("peerSend", { id: "one", bytes: packet(7) });

  await lab.until("one", `packet ${packet(7)}`);
  assert.deepEqual(await lab.ask("faults"), []);
});

Deno.test("NativeTransports opens and closes 500 times, and goes on", async () => {
  await using lab = await TransportLab.start();

  await lab.ask("churn", { count: 500 });
  assert.equal(await lab.ask("size"), 0);
  await lab.ask("collect");
  await lab.ask("pair", { id: "after", hasData: true });
  await lab.ask("peerSend", { id: "after", bytes: packet(1) });

  await lab.until("after", "packet");
});

/** An ICE check (RFC 8489, section 5) of a user name, with `tail` for its other attributes. */
function bindingRequest(username: string, tail: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(username.padEnd(Math.ceil(username.length / 4) * 4));
  const bytes = new Uint8Array(24 + name.length + tail.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 1);
  view.setUint16(2, bytes.length - 20);
  view.setUint32(4, 0x2112a442);
  view.setUint16(20, 6);
  view.setUint16(22, username.length);
  bytes.set(name, 24);
  bytes.set(tail, 24 + name.length);
  return bytes;
}

Deno.test("NativeClients connects as a client does, and packets go both ways", async () => {
  await using lab = await TransportLab.start();

  await lab.ask("client", { id: "one" });
  await lab.until("one", "opened");
  await lab.until("client of one", "opened");
  await lab.ask("send", { id: "one", bytes: packet(1) });
  await lab.ask("send", { id: "client of one", bytes: packet(2) });

  assert.equal(await lab.until("client of one", "packet"), `packet ${packet(1)}`);
  assert.equal(await lab.until("one", "packet"), `packet ${packet(2)}`);
  assert.deepEqual(await lab.ask("faults"), []);
});

Deno.test("NativeClients ends one transport, or all of them", async () => {
  await using lab = await TransportLab.start();
  for (const id of ["one", "two", "three"]) {
    await lab.ask("client", { id });
    await lab.until(`client of ${id}`, "opened");
  }

  await lab.ask("close", { id: "client of one" });
  assert.equal(await lab.ask("isOpen", { id: "client of two" }), true);
  await lab.ask("endClients");

  for (const id of ["one", "two", "three"]) {
    assert.equal(await lab.ask("isOpen", { id: `client of ${id}` }), false);
    assert.equal(await lab.ask("send", { id: `client of ${id}`, bytes: packet(1) }), false);
    assert.deepEqual(await lab.ask("events", { id: `client of ${id}` }), ["opened"]);
  }
});

Deno.test("NativeClients survives a fault in what hears of its packets", async () => {
  await using lab = await TransportLab.start();
  await lab.ask("client", { id: "one", fault: "packet" });
  await lab.until("client of one", "opened");

  await lab.ask("send", { id: "one", bytes: packet(1) });
  await lab.until("client of one", "packet");

  const [fault] = await lab.ask<string[]>("faults");
  assert.match(fault ?? "none", /transport callback failed packet a fault in packet/);
});

Deno.test("NativeClients refuses a server that it cannot connect to", async () => {
  await using lab = await TransportLab.idle();
  const server = {
    usernameFragment: "server",
    password: "s".repeat(24),
    fingerprint: FINGERPRINT,
    candidates: [],
  };

  await refuses(lab.ask("connectTo", { remote: server }), "bad-description", /a=candidate/);
});
