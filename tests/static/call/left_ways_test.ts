/** Ways that were left end when their channels do. */
import assert from "node:assert/strict";
import type { Topology } from "../../../src/protocol/mod.ts";
import { ChannelCount } from "../../../static/call/channel_count.ts";
import { CHANNELS_BOUND_MS, LeftWays } from "../../../static/call/left_ways.ts";
import type { ByteChannel } from "../../../static/call/transport.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { user } from "../support/call_fixture.ts";
import { FakeCall } from "../support/fake_call.ts";
import { FakeChannel } from "../support/fake_channel.ts";
import { FakeTrack } from "../support/fake_peer_connection.ts";

Deno.test("LeftWays.leave ends a way without channels at once", () => {
  const { left, way } = setUp();

  left.leave(way);

  assert.equal(way.call.isClosed, true);
  assert.deepEqual(left.all, []);
});

Deno.test("LeftWays.leave keeps a way for its channels, and sends nothing else on it", () => {
  const { left, way, open } = setUp();
  const channels = [open(), open()];
  way.call.setTracks({ camera: new FakeTrack("video").asTrack });

  left.leave(way);
  const seen = [way.call.isClosed];
  for (const channel of channels) {
    channel.cut();
    seen.push(way.call.isClosed);
  }

  assert.deepEqual(seen, [false, false, true]);
  assert.deepEqual(way.call.tracks, {});
});

Deno.test("LeftWays ends a way under a channel that takes too long", () => {
  const { left, way, open, clock } = setUp();
  open();
  left.leave(way);

  clock.advance(CHANNELS_BOUND_MS - 1);
  const before = way.call.isClosed;
  clock.advance(1);

  assert.deepEqual([before, way.call.isClosed, left.all], [false, true, []]);
});

Deno.test("LeftWays.end ends those of one topology", () => {
  const { left, way, open, clock } = setUp("mesh");
  open();
  left.leave(way);

  left.end("sfu");
  const kept = left.all;
  left.end("mesh");

  assert.deepEqual([kept, left.all], [[way], []]);
  assert.deepEqual([way.call.isClosed, clock.pending], [true, 0]);
});

Deno.test("LeftWays.close ends all, also what is left afterwards", () => {
  const { left, way, open, clock } = setUp();
  const other = setUp();
  open();
  other.open();
  left.leave(way);

  left.close();
  left.close();
  left.leave(other.way);

  assert.deepEqual([way.call.isClosed, other.way.call.isClosed, clock.pending], [true, true, 0]);
});

function setUp(topology: Topology = "mesh") {
  const clock = new FakeClock();
  const left = new LeftWays(clock);
  const call = new FakeCall({
    ...{ selfId: user("ann"), topology, iceServers: [], send: () => true },
    events: { changed: () => {}, channelOpened: () => {} },
  });
  const way = { call, channels: new ChannelCount() };
  function open(): FakeChannel {
    const [channel] = FakeChannel.pair();
    way.channels.add(channel as unknown as ByteChannel); // As far as a count uses one.
    return channel;
  }
  return { clock, left, way, open };
}
