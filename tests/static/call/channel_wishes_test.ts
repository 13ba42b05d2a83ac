/** Channels that are asked for before they can be. */
import assert from "node:assert/strict";
import {
  CHANNEL_TIMEOUT_MS,
  ChannelWishes,
  MAX_WISHES,
} from "../../../static/call/channel_wishes.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { FakeNetwork, FakePeerConnection } from "../support/fake_peer_connection.ts";

Deno.test("ChannelWishes.ask makes a channel at once where there is a connection", async () => {
  const { clock, wishes, connection } = setUp();
  wishes.settled(connection.real);

  const opening = wishes.ask("file:1");
  connection.fake.channels[0]!.onopen!();

  const channel = await opening;
  assert.deepEqual([channel.label, channel.binaryType], ["file:1", "arraybuffer"]);
  assert.equal(clock.pending, 0);
});

Deno.test("ChannelWishes.settled makes what waits, once a connection", async () => {
  const { wishes, connection } = setUp();
  const opening = wishes.ask("file:1");
  assert.equal(connection.fake.channels.length, 0);

  wishes.settled(connection.real);
  wishes.settled(connection.real);
  assert.equal(connection.fake.channels.length, 1);
  connection.fake.channels[0]!.onopen!();

  assert.equal((await opening).label, "file:1");
});

Deno.test("ChannelWishes.settled tries again on the next connection, and keeps one", async () => {
  const { wishes, connection, another } = setUp();
  wishes.settled(connection.real);
  const opening = wishes.ask("file:1");

  wishes.settled(another.real);
  another.fake.channels[0]!.onopen!();
  connection.fake.channels[0]!.onopen!();

  assert.equal(await opening as unknown, another.fake.channels[0]);
  assert.ok(connection.fake.channels[0]!.isClosed);
});

Deno.test("ChannelWishes.ask rejects when nothing opens in time", async () => {
  const { clock, wishes } = setUp();
  const opening = wishes.ask("file:1");

  clock.advance(CHANNEL_TIMEOUT_MS);

  await assert.rejects(opening, /Cannot open channel "file:1": no connection within 20 s/);
  assert.equal(clock.pending, 0);
});

Deno.test("ChannelWishes.ask rejects beyond its bound", async () => {
  const { wishes } = setUp();
  const waiting = Array.from({ length: MAX_WISHES }, (_, n) => wishes.ask(`${n}`));

  await assert.rejects(wishes.ask("one more"), /Cannot open channel "one more": 64 others wait/);

  wishes.close();
  for (const one of await Promise.allSettled(waiting)) assert.equal(one.status, "rejected");
});

Deno.test("ChannelWishes.close rejects what waits and what comes", async () => {
  const { clock, wishes } = setUp();
  const opening = wishes.ask("file:1");

  wishes.close();
  wishes.close();

  await assert.rejects(opening, /the link has ended/);
  await assert.rejects(wishes.ask("late"), /the link has ended/);
  assert.equal(clock.pending, 0);
});

function setUp() {
  const clock = new FakeClock();
  const network = new FakeNetwork();
  const make = () => {
    const fake = new FakePeerConnection(network);
    return { fake, real: fake as unknown as RTCPeerConnection }; // As far as wishes use one.
  };
  return { clock, wishes: new ChannelWishes(clock), connection: make(), another: make() };
}
