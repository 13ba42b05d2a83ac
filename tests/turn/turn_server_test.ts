/** The TURN server over real sockets of loopback, with our own client. */
import assert from "node:assert/strict";
import { errorCodeOf } from "../../cli/doctor/turn_exchange.ts";
import { passwordOf } from "../../src/turn/credentials.ts";
import { MAX_PER_HOLDER } from "../../src/turn/allocations.ts";
import { ATTRIBUTE, METHOD, readMessage, uint32 } from "../../src/turn/stun_message.ts";
import { readXorAddress } from "../../src/turn/transport_address.ts";
import { FakeClock } from "../support/fake_clock.ts";
import {
  EchoPeer,
  type LabClient,
  OVER_UDP,
  peerAttribute,
  soonUsername,
  TURN_SECRET,
  TurnLab,
} from "../support/turn_lab.ts";
import { waitUntil } from "../support/wait_until.ts";

const OUTSIDE = { address: "8.8.8.8", port: 53 };

const codeOf = async (client: LabClient, ...request: Parameters<LabClient["request"]>) =>
  errorCodeOf(await client.request(...request));

/** What the client heard, as text. */
function textsOf({ heard }: LabClient): string[] {
  return heard.map((frame) => {
    const data = readMessage(frame)?.attributes.get(ATTRIBUTE.data);
    const length = (frame[2]! << 8) | frame[3]!;
    return new TextDecoder().decode(data ?? frame.subarray(4, 4 + length));
  });
}

for (const transport of ["udp", "tcp"] as const) {
  Deno.test(`TurnServer relays over ${transport} both ways, by indication and by channel`, async () => {
    await using peer = await EchoPeer.open();
    await using lab = await TurnLab.start({ mediaPorts: [peer.address.port] });
    await using client = await lab.client(transport);
    await client.allocate();

    assert.equal((await client.permit(peer.address)).kind, "success");
    client.sendTo(peer.address, "by indication");
    await waitUntil(() => client.heard.length === 1 ? undefined : "no echo");
    assert.equal((await client.bind(0x4000, peer.address)).kind, "success");
    client.sendOver(0x4000, "by channel");
    await waitUntil(() => client.heard.length === 2 ? undefined : "no echo");

    assert.deepEqual(peer.heard, ["by indication", "by channel"]);
    assert.deepEqual(textsOf(client), ["by indication", "by channel"]);
    assert.equal(client.heard[1]![0], 0x40, "over the channel");
    assert.equal(lab.server.relayedBytes, 2 * "by indicationby channel".length);
  });
}

Deno.test("TurnServer relays between two of its clients without a socket between", async () => {
  await using lab = await TurnLab.start();
  await using one = await lab.client("udp");
  await using other = await lab.client("tcp", { username: soonUsername("test/bob") });
  const [oneAt, otherAt] = [await one.allocate(), await other.allocate()];
  await one.permit(otherAt);
  await other.bind(0x4001, oneAt);

  one.sendTo(otherAt, "hello");
  await waitUntil(() => other.heard.length > 0 ? undefined : "nothing comes");
  other.sendOver(0x4001, "hello yourself");
  await waitUntil(() => one.heard.length > 0 ? undefined : "nothing comes");

  assert.deepEqual([textsOf(other), textsOf(one)], [["hello"], ["hello yourself"]]);
});

Deno.test("TurnServer says where a request came from, to everybody", async () => {
  await using lab = await TurnLab.start();
  await using client = await lab.client("udp", { username: "nobody" });

  const { kind, attributes } = await client.request(METHOD.binding);

  const mapped = readXorAddress(attributes.get(ATTRIBUTE.xorMappedAddress));
  assert.equal(kind, "success");
  assert.ok(mapped !== undefined && mapped !== "other-family");
  assert.equal(mapped.address, "127.0.0.1");
});

Deno.test("[IC1] TurnServer refuses credentials that are wrong, expired, or made for another", async () => {
  await using lab = await TurnLab.start();
  const good = soonUsername("test/ann");
  const past = `${Math.floor(Date.now() / 1000) - 1}:test/ann`;
  const wrong: [what: string, username: string, credential: string][] = [
    ["another secret", good, passwordOf(good, "another secret")],
    ["expired", past, passwordOf(past, TURN_SECRET)],
    ["of another user", soonUsername("test/bob"), passwordOf(good, TURN_SECRET)],
    ["of another room", soonUsername("other/ann"), passwordOf(good, TURN_SECRET)],
    ["longer than given", `9${good}`, passwordOf(good, TURN_SECRET)],
    ["no time", "ann", passwordOf("ann", TURN_SECRET)],
    ["empty", "", ""],
  ];

  for (const [what, username, credential] of wrong) {
    await using client = await lab.client("udp", { username, credential });
    assert.equal(await codeOf(client, METHOD.allocate, OVER_UDP), 401, what);
  }
  assert.equal(lab.server.allocationCount, 0);
});

Deno.test("[IC1] TurnServer keeps an allocation to the credentials that it was made with", async () => {
  const clock = new FakeClock();
  await using lab = await TurnLab.start({ clock });
  const username = `${Math.floor(clock.now() / 1000) + 60}:test/ann`;
  await using client = await lab.client("tcp", { username });
  await client.allocate();

  clock.advance(61_000);

  // What stands goes on; nothing new is made.
  assert.equal((await client.request(METHOD.refresh)).kind, "success");
  await using late = await lab.client("udp", { username });
  assert.equal(await codeOf(late, METHOD.allocate, OVER_UDP), 401);
});

Deno.test("TurnServer gives permission for nothing private, and none of IPv6", async () => {
  await using lab = await TurnLab.start();
  await using client = await lab.client();
  await client.allocate();
  const codeFor = async (address: string) => errorCodeOf(await client.permit({ address, port: 9 }));

  for (const address of ["10.0.0.1", "192.168.1.1", "169.254.169.254", "127.0.0.2", "224.0.0.1"]) {
    assert.equal(await codeFor(address), 403, address);
    assert.equal(errorCodeOf(await client.bind(0x4000, { address, port: 9 })), 403, address);
  }
  assert.equal(await codeFor(OUTSIDE.address), undefined);
  assert.equal(await codeOf(client, METHOD.createPermission, [v6]), 443);
});

/** XOR-PEER-ADDRESS of IPv6. */
const v6 = [ATTRIBUTE.xorPeerAddress, new Uint8Array(20).with(1, 2)] as const;

Deno.test("TurnServer reaches no port of this machine but that of media", async () => {
  await using peer = await EchoPeer.open();
  await using media = await EchoPeer.open();
  await using lab = await TurnLab.start({ mediaPorts: [media.address.port] });
  await using client = await lab.client();
  const relay = await client.allocate();
  await client.permit(peer.address);

  client.sendTo(peer.address, "to another program");
  peer.send("from another program", relay);
  client.sendTo(media.address, "to media");
  await waitUntil(() => client.heard.length > 0 ? undefined : "no echo");

  assert.deepEqual(peer.heard, []);
  assert.deepEqual(textsOf(client), ["to media"]);
});

Deno.test("TurnServer ends an allocation when it is told to, when its time is over, with its connection", async () => {
  const clock = new FakeClock();
  await using lab = await TurnLab.start({ clock });
  const username = `${Math.floor(clock.now() / 1000) + 3_600}:test/ann`;
  await using one = await lab.client("udp", { username });
  await using two = await lab.client("udp", { username });
  const three = await lab.client("tcp", { username });
  for (const client of [one, two, three]) await client.allocate();

  const zero = [[ATTRIBUTE.lifetime, uint32(0)]] as const;
  assert.equal((await one.request(METHOD.refresh, zero)).kind, "success");
  assert.equal(lab.server.allocationCount, 2);
  await three[Symbol.asyncDispose]();
  await waitUntil(() => lab.server.allocationCount === 1 ? undefined : "it stays");
  clock.advance(600_000);

  assert.equal(lab.server.allocationCount, 0);
  assert.equal(await codeOf(two, METHOD.refresh), 437);
});

Deno.test("TurnServer bounds the lifetime, and how many allocations a holder has", async () => {
  await using lab = await TurnLab.start();
  await using stack = new AsyncDisposableStack();
  const open = async (username: string) => stack.use(await lab.client("udp", { username }));
  for (let n = 0; n < MAX_PER_HOLDER; n++) await (await open(soonUsername())).allocate();

  const beyond = await open(`1${soonUsername()}`); // Later, and for the same holder.
  const other = await open(soonUsername("test/bob"));
  const long = [...OVER_UDP, [ATTRIBUTE.lifetime, uint32(1e9)]] as const;

  assert.equal(await codeOf(beyond, METHOD.allocate, OVER_UDP), 486);
  const { attributes } = await other.request(METHOD.allocate, long);
  assert.deepEqual(attributes.get(ATTRIBUTE.lifetime)?.toHex(), "00000e10");
});

Deno.test("TurnServer answers what it cannot do with the codes of RFC 8656", async () => {
  await using lab = await TurnLab.start();
  await using client = await lab.client();
  const overTcp = [[ATTRIBUTE.requestedTransport, Uint8Array.of(6, 0, 0, 0)]] as const;
  const ofIpv6 = [...OVER_UDP, [
    ATTRIBUTE.requestedAddressFamily,
    Uint8Array.of(2, 0, 0, 0),
  ]] as const;
  const evenPort = [...OVER_UDP, [0x0018, new Uint8Array(1)]] as const;
  const channel = (number: number) =>
    [[ATTRIBUTE.channelNumber, Uint8Array.of(number >> 8, number & 255, 0, 0)]] as const;

  assert.equal(await codeOf(client, METHOD.refresh), 437);
  assert.equal(await codeOf(client, METHOD.allocate), 400);
  assert.equal(await codeOf(client, METHOD.allocate, overTcp), 442);
  assert.equal(await codeOf(client, METHOD.allocate, ofIpv6), 440);
  assert.equal(await codeOf(client, METHOD.allocate, evenPort), 420);
  assert.equal(await codeOf(client, METHOD.binding, evenPort), 420);
  await client.allocate();
  assert.equal(await codeOf(client, METHOD.allocate, OVER_UDP), 437);
  assert.equal(await codeOf(client, METHOD.createPermission), 400);
  assert.equal(await codeOf(client, METHOD.channelBind, [peerAttribute(OUTSIDE)]), 400);
  const reserved = [...channel(0x5000), peerAttribute(OUTSIDE)];
  assert.equal(await codeOf(client, METHOD.channelBind, reserved), 400);
  assert.equal(await codeOf(client, 0x00b), 400);
});
