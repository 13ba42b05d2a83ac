/** One allocation, with a port that is a plain object. */
import assert from "node:assert/strict";
import {
  Allocation,
  BYTES_PER_SECOND,
  CHANNEL_MS,
  MAX_AGE_MS,
  MAX_CHANNELS,
  MAX_PERMISSIONS,
  PERMISSION_MS,
} from "../../src/turn/allocation.ts";
import { PeerPolicy } from "../../src/turn/peer_policy.ts";
import { ATTRIBUTE, METHOD, readMessage } from "../../src/turn/stun_message.ts";
import { readXorAddress, type TransportAddress } from "../../src/turn/transport_address.ts";
import { FakeClock } from "../support/fake_clock.ts";

const peer = { address: "8.8.8.8", port: 4000 };
const data = Uint8Array.of(1, 2, 3);

/** An allocation on port 49160 of 8.8.4.4, which is 10.0.0.5 inside, with media on port 50000. */
class Fixture {
  readonly clock = new FakeClock();
  readonly sent: [text: string, to: TransportAddress][] = [];
  readonly inside: [text: string, to: number, from: number][] = [];
  /** As `channel data`, or `address:port data` for an indication. */
  readonly heard: string[] = [];
  isClosed = false;
  readonly allocation: Allocation;

  constructor() {
    const ownAddresses = ["10.0.0.5", "8.8.4.4"];
    const policy = new PeerPolicy({ ownAddresses, mediaPorts: [50_000] });
    this.allocation = new Allocation({
      client: {
        key: "udp 1",
        from: { address: "192.0.2.1", port: 1 },
        send: (bytes) => this.#hear(bytes),
      },
      credentials: { username: "u", holder: "h", key: new Uint8Array(16) },
      transactionId: new Uint8Array(12),
      clock: this.clock,
      placeOf: (at) => policy.placeOf(at, (port) => port === 49_161),
      deliver: (bytes, to, from) => this.inside.push([`${bytes}`, to, from]),
      mediaAddress: "10.0.0.5",
    }, {
      port: 49_160,
      send: (bytes, to) => this.sent.push([`${bytes}`, to]),
      close: () => this.isClosed = true,
    });
    this.allocation.refresh(3_600);
  }

  #hear(bytes: Uint8Array): void {
    const message = readMessage(bytes);
    if (message === undefined) {
      const [high = 0, low = 0, , length = 0] = bytes;
      assert.equal(bytes.length % 4, 0);
      this.heard.push(`${(high << 8) | low} ${bytes.subarray(4, 4 + length)}`);
      return;
    }
    assert.deepEqual([message.kind, message.method], ["indication", METHOD.data]);
    const from = readXorAddress(message.attributes.get(ATTRIBUTE.xorPeerAddress));
    assert.ok(from !== undefined && from !== "other-family");
    this.heard.push(`${from.address}:${from.port} ${message.attributes.get(ATTRIBUTE.data)}`);
  }
}

Deno.test("Allocation passes nothing without a permission, and for five minutes with one", () => {
  const { allocation, clock, sent, heard } = new Fixture();
  allocation.send(data, peer);
  allocation.receive(data, peer);
  const before = [sent.length, heard.length];

  allocation.permit(peer.address);
  clock.advance(PERMISSION_MS - 1);
  allocation.send(data, peer);
  allocation.receive(data, { ...peer, port: 4001 }); // A permission is for all ports.
  clock.advance(1);
  allocation.send(data, peer);
  allocation.receive(data, peer);

  assert.deepEqual(before, [0, 0]);
  assert.deepEqual(sent, [["1,2,3", peer]]);
  assert.deepEqual(heard, ["8.8.8.8:4001 1,2,3"]);
});

Deno.test("Allocation passes over a channel both ways, for as long as it is bound", () => {
  const { allocation, clock, sent, heard } = new Fixture();
  const bound = allocation.bind(0x4000, peer);

  allocation.sendOver(0x4000, data);
  allocation.sendOver(0x4001, data);
  allocation.receive(data, peer);
  allocation.permit(peer.address); // Shorter than the channel's own, and takes nothing away.
  clock.advance(CHANNEL_MS - 1);
  allocation.receive(data, peer);
  clock.advance(1);
  allocation.sendOver(0x4000, data);

  assert.equal(bound, "bound");
  assert.deepEqual(sent, [["1,2,3", peer]]);
  assert.deepEqual(heard, ["16384 1,2,3", "16384 1,2,3"]);
});

Deno.test("Allocation binds a channel to one peer, and a peer to one channel, until it is over", () => {
  const { allocation, clock } = new Fixture();
  const other = { ...peer, port: 5000 };
  allocation.bind(0x4000, peer);

  const again = allocation.bind(0x4000, peer);
  const taken = allocation.bind(0x4000, other);
  const second = allocation.bind(0x4001, peer);
  clock.advance(CHANNEL_MS);

  assert.deepEqual([again, taken, second], ["bound", "conflict", "conflict"]);
  assert.equal(allocation.bind(0x4001, peer), "bound");
});

Deno.test("Allocation has bounds of its permissions and channels, which free themselves", () => {
  const { allocation, clock } = new Fixture();
  for (let n = 0; n < MAX_PERMISSIONS; n++) assert.equal(allocation.permit(`9.0.0.${n}`), true);
  const beyond = allocation.permit("9.0.1.0");
  const known = allocation.permit("9.0.0.1");
  const channel = allocation.bind(0x4000, peer);
  clock.advance(PERMISSION_MS);
  for (let n = 0; n < MAX_CHANNELS; n++) {
    assert.equal(allocation.bind(0x4000 + n, { ...peer, port: 5000 + n }), "bound");
  }

  assert.deepEqual([beyond, known, channel], [false, true, "full"]);
  assert.equal(allocation.bind(0x4fff, peer), "full");
});

Deno.test("Allocation sends to another relay of the server without a socket, and hears of it", () => {
  const { allocation, sent, inside, heard } = new Fixture();
  allocation.permit("8.8.4.4");

  allocation.send(data, { address: "8.8.4.4", port: 49_161 });
  allocation.receiveInside(data, { address: "8.8.4.4", port: 49_161 });
  allocation.receiveInside(data, { address: "8.8.4.5", port: 49_161 }); // No permission.

  assert.deepEqual(sent, []);
  assert.deepEqual(inside, [["1,2,3", 49_161, 49_160]]);
  assert.deepEqual(heard, ["8.8.4.4:49161 1,2,3"]);
});

Deno.test("Allocation reaches the media port by any own address, and shows it by that one", () => {
  const { allocation, sent, heard } = new Fixture();
  allocation.permit("8.8.4.4");
  allocation.receive(data, { address: "10.0.0.5", port: 50_000 }); // Not called yet.

  allocation.send(data, { address: "8.8.4.4", port: 50_000 });
  allocation.receive(data, { address: "10.0.0.5", port: 50_000 });
  allocation.receive(data, { address: "10.0.0.5", port: 22 });

  assert.deepEqual(sent, [["1,2,3", { address: "10.0.0.5", port: 50_000 }]]);
  assert.deepEqual(heard, ["8.8.4.4:50000 1,2,3"]);
});

Deno.test("Allocation reaches nothing else of this machine, nor a private network", () => {
  const { allocation, sent, inside, heard } = new Fixture();
  for (const address of ["8.8.4.4", "10.0.0.6"]) allocation.permit(address);

  allocation.send(data, { address: "8.8.4.4", port: 22 });
  allocation.send(data, { address: "10.0.0.6", port: 50_000 });
  allocation.receive(data, { address: "8.8.4.4", port: 22 });
  allocation.receive(data, { address: "10.0.0.6", port: 50_000 });

  assert.deepEqual([sent, inside, heard], [[], [], []]);
});

Deno.test("Allocation loses what is more than it may have relayed, both ways together", () => {
  const { allocation, clock, sent, heard } = new Fixture();
  allocation.permit(peer.address);
  const large = new Uint8Array(BYTES_PER_SECOND / 2);
  allocation.send(large, peer);
  allocation.receive(large.subarray(0, BYTES_PER_SECOND / 2 - 3), peer);

  allocation.send(data, peer);
  allocation.send(data, peer);
  clock.advance(100);
  allocation.send(data, peer);

  assert.equal(sent.length, 3);
  assert.equal(heard.length, 1);
  assert.equal(allocation.relayedBytes, BYTES_PER_SECOND + 3);
});

Deno.test("Allocation lives as long as it is refreshed, and no longer than it may", () => {
  const { allocation, clock } = new Fixture();
  const first = allocation.refresh(600);
  clock.advance(599_999);
  const before = allocation.isOver;
  clock.advance(1);
  const after = allocation.isOver;
  clock.advance(MAX_AGE_MS - 700_000);

  assert.deepEqual([first, before, after], [600, false, true]);
  assert.equal(allocation.refresh(600), 100);
});

Deno.test("Allocation that is closed gives its port back and passes nothing", () => {
  const fixture = new Fixture();
  fixture.allocation.permit(peer.address);

  fixture.allocation.close();
  fixture.allocation.receive(data, peer);

  assert.equal(fixture.isClosed, true);
  assert.equal(fixture.allocation.isOver, true);
  assert.deepEqual(fixture.heard, []);
});
