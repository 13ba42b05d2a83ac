/** Channels that are open. */
import assert from "node:assert/strict";
import { ChannelCount } from "../../../static/call/channel_count.ts";
import type { ByteChannel } from "../../../static/call/transport.ts";
import { FakeChannel } from "../support/fake_channel.ts";

Deno.test("ChannelCount calls when the last channel has closed", () => {
  const count = new ChannelCount();
  const [first] = FakeChannel.pair();
  const [second] = FakeChannel.pair();
  let calls = 0;
  const seen: unknown[] = [count.isEmpty];
  for (const channel of [first, second]) count.add(channel as unknown as ByteChannel);
  count.whenEmpty(() => calls++);

  for (const channel of [first, second, second]) {
    seen.push([count.isEmpty, calls]);
    channel.cut();
  }

  assert.deepEqual(seen, [true, [false, 0], [false, 0], [true, 1]]);
  assert.equal(calls, 1);
});
