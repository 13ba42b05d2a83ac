/** Streams from page to page through the relay. */
import assert from "node:assert/strict";
import {
  encodeDataFrame,
  MAX_STREAM_MESSAGE_BYTES,
  MAX_STREAMS,
} from "../../../../src/protocol/data_frame.ts";
import { MAX_BUFFERED_BYTES } from "../../../../src/media/data/flow.ts";
import { SLOW_RECEIVER_MS } from "../../../../src/media/data/data_end.ts";
import { CHANNEL_TIMEOUT_MS } from "../../../../static/call/channel_wishes.ts";
import { FileReceiver } from "../../../../static/call/file_receiver.ts";
import { FileSender } from "../../../../static/call/file_sender.ts";
import { isOver } from "../../../../static/call/file_transfer.ts";
import type { StreamChannel } from "../../../../static/call/sfu/stream_channel.ts";
import { waitUntil } from "../../../support/wait_until.ts";
import { FakeSink } from "../../support/fake_sink.ts";
import { type StreamGuest, StreamRoom } from "../../support/stream_room.ts";

Deno.test("[DC2] StreamChannels.open connects two pages, by name and label", async () => {
  const { room, ann, bob } = setUp();

  const channel = await ann.streams.open(bob.userId, "file:1");

  const [opened] = bob.opened;
  assert.deepEqual([opened!.from, opened!.channel.label], ["ann", "file:1"]);
  assert.deepEqual([channel.label, channel.readyState, channel.binaryType], [
    "file:1",
    "open",
    "arraybuffer",
  ]);
  room.relay.close();
  assert.equal(room.clock.pending, 0);
});

Deno.test("[DC3] text and bytes arrive both ways, in order, from nothing to 64 KiB", async () => {
  const { ann, bob, pair } = await connected();
  const heard = [messagesOf(pair[0]), messagesOf(pair[1])];

  pair[0].send("Grüße");
  pair[0].send("");
  pair[0].send(bytesOf(0));
  pair[0].send(bytesOf(MAX_STREAM_MESSAGE_BYTES));
  pair[0].send("x".repeat(MAX_STREAM_MESSAGE_BYTES));
  pair[1].send(bytesOf(100_000).subarray(1_000, 1_003));
  await waitUntil(() => heard[1]!.length === 5 && heard[0]!.length === 1 ? undefined : "messages");

  assert.deepEqual(heard[1], [
    "Grüße",
    "",
    bytesOf(0),
    bytesOf(MAX_STREAM_MESSAGE_BYTES),
    "x".repeat(MAX_STREAM_MESSAGE_BYTES),
  ]);
  assert.deepEqual(heard[0], [bytesOf(100_000).slice(1_000, 1_003)]);
  assert.deepEqual([ann.streams.size, bob.streams.size], [1, 1]);
});

Deno.test("StreamChannel.send copies, and throws as a data channel does", async () => {
  const { pair: [mine, theirs] } = await connected();
  const heard = messagesOf(theirs);
  const bytes = Uint8Array.of(1, 2, 3);

  mine.send(bytes);
  bytes.fill(9);
  await waitUntil(() => heard.length === 1 ? undefined : "a message");
  assert.deepEqual(heard, [Uint8Array.of(1, 2, 3)]);

  assert.throws(() => mine.send(bytesOf(MAX_STREAM_MESSAGE_BYTES + 1)), TypeError);
  assert.throws(() => {
    for (let n = 0; n < 300; n++) mine.send(bytesOf(MAX_STREAM_MESSAGE_BYTES));
  }, { name: "OperationError" });
  mine.close();
  assert.throws(() => mine.send("late"), { name: "InvalidStateError" });
});

Deno.test("[DC6] StreamChannel.close closes behind what was sent, on both sides", async () => {
  const { room, ann, bob, pair: [mine, theirs] } = await connected();
  const heard = messagesOf(theirs);
  const closed = [closesOf(mine), closesOf(theirs)];

  for (let n = 0; n < 100; n++) mine.send(bytesOf(16_384));
  mine.close();
  mine.close();
  assert.equal(mine.readyState, "closing");
  await waitUntil(() => theirs.readyState === "closed" ? undefined : theirs.readyState);

  assert.equal(heard.length, 100);
  assert.deepEqual([mine.readyState, mine.endReason, theirs.endReason], [
    "closed",
    "closed",
    "closed",
  ]);
  assert.deepEqual(closed.map((one) => one.count), [1, 1]);
  assert.deepEqual([ann.streams.size, bob.streams.size, ann.end.streams], [0, 0, 0]);
  room.relay.close();
  assert.equal(room.clock.pending, 0);
});

Deno.test("[DC2] StreamChannels.open rejects for somebody who is not there", async () => {
  const { ann } = setUp();

  await assert.rejects(
    ann.streams.open("nobody" as typeof ann.userId, "file:1"),
    /^Error: Cannot open channel "file:1": the other side has no connection for it$/,
  );
  assert.equal(ann.streams.size, 0);
});

Deno.test("[DC2] StreamChannels.open rejects when nobody answers for 20 s", async () => {
  const { room, ann, bob } = setUp();
  bob.down.perTurn = 0;
  const opening = ann.streams.open(bob.userId, "file:1");
  await waitUntil(() => bob.down.bytes > 0 ? undefined : "nothing was asked");

  room.clock.advance(CHANNEL_TIMEOUT_MS);

  await assert.rejects(opening, /no answer within 20 s/);
  bob.down.resume(8);
  await waitUntil(() => bob.opened[0]?.channel.readyState === "closed" ? undefined : "open");
  assert.equal(ann.streams.size, 0);
});

Deno.test("[DC5] StreamChannels.open rejects beyond 32, and again what others have full", async () => {
  const { ann, bob } = setUp();
  const { userId } = bob;
  for (let n = 0; n < MAX_STREAMS; n++) await ann.streams.open(userId, `${n}`);

  await assert.rejects(ann.streams.open(userId, "more"), /one of both sides has 32 already/);
  await assert.rejects(bob.streams.open(ann.userId, "more"), /one of both sides has 32 already/);
});

Deno.test("StreamChannels.open waits for the data channel to open", async () => {
  const room = new StreamRoom();
  const [ann, bob] = [room.join("ann", "connecting"), room.join("bob")];
  const opening = ann.streams.open(bob.userId, "file:1");
  assert.equal(ann.up.bytes, 0);

  ann.page.open();

  assert.equal((await opening).readyState, "open");
});

Deno.test("StreamChannels.close ends all streams and refuses others; so does the channel's end", async () => {
  for (const how of ["close", "cut"] as const) {
    const { room, ann, bob, pair: [mine, theirs] } = await connected();
    const opening = ann.streams.open(bob.userId, "another");
    mine.send(bytesOf(10));
    if (how === "cut") ann.cut();
    else ann.streams.close();
    ann.streams.close();

    await assert.rejects(opening, /the other side has gone/);
    await assert.rejects(ann.streams.open(bob.userId, "late"), /has ended/);
    assert.deepEqual([mine.readyState, mine.endReason, mine.bufferedAmount], ["closed", "gone", 0]);
    if (how === "close") ann.end.close();
    await waitUntil(() => theirs.readyState === "closed" ? undefined : "open");
    assert.equal(theirs.endReason, "gone");
    room.relay.close();
    assert.equal(room.clock.pending, 0);
  }
});

Deno.test("StreamChannels survives a data channel that throws", async () => {
  const { ann, pair: [mine] } = await connected();
  ann.page.send = () => {
    throw new DOMException("gone", "InvalidStateError");
  };

  mine.send("x");

  assert.deepEqual([mine.readyState, ann.streams.size], ["closed", 0]);
});

Deno.test("[DC1] StreamChannels ignores what is no frame, and frames of streams that it has not", async () => {
  const { ann, pair: [mine, theirs] } = await connected();
  const heard = messagesOf(theirs);
  const address = { userId: "bob", streamId: 99, isOpener: true };

  ann.page.arrive("text");
  ann.page.arrive(Uint8Array.of(1, 2, 3));
  ann.page.arrive(encodeDataFrame({ ...address, type: "credit", credit: 5 }));
  ann.page.arrive(encodeDataFrame({ ...address, type: "close", reason: "gone" }));
  ann.page.arrive(encodeDataFrame({
    ...{ ...address, type: "data", isText: true, isLast: true },
    payload: bytesOf(3),
  }));
  ann.page.arrive(encodeDataFrame({
    ...{ ...address, type: "open", credit: 5, label: "x" },
    isOpener: false,
  }));
  mine.send("still there");
  await waitUntil(() => heard.length === 1 ? undefined : "a message");

  assert.equal(ann.streams.size, 1);
});

Deno.test("[DC3] a message of more than 64 KiB from the server ends the stream", async () => {
  const { ann, bob, pair: [mine] } = await connected();
  const payload = bytesOf(16_384);
  const part = {
    type: "data",
    streamId: 1,
    isOpener: false,
    isText: false,
    isLast: false,
  } as const;

  for (let n = 0; n < 5; n++) {
    ann.page.arrive(encodeDataFrame({ ...part, userId: bob.userId, payload }));
  }

  assert.deepEqual([mine.readyState, mine.endReason], ["closed", "protocol"]);
});

Deno.test("StreamChannel tells when little waits, not within send", async () => {
  const { pair: [mine] } = await connected();
  mine.bufferedAmountLowThreshold = 100_000;
  let lows = 0;
  mine.addEventListener("bufferedamountlow", () => lows++);

  for (let n = 0; n < 20; n++) mine.send(bytesOf(60_000));
  assert.ok(mine.bufferedAmount > 800_000, `${mine.bufferedAmount}`);
  assert.equal(lows, 0);
  await waitUntil(() => mine.bufferedAmount === 0 ? undefined : "something waits");

  assert.equal(lows, 1);
});

Deno.test("[DC4] 50 MB to a receiver that is eight times slower, in bounded memory everywhere", async () => {
  const { ann, bob, pair: [mine, theirs] } = await connected();
  const total = 50 * 1024 * 1024;
  const chunk = bytesOf(16_384);
  let received = 0;
  theirs.addEventListener("message", (event) => {
    received += ((event as MessageEvent).data as ArrayBuffer).byteLength;
  });
  mine.bufferedAmountLowThreshold = 256 * 1024;
  bob.down.perTurn = 1;
  let mostInRelay = 0;

  for (let sent = 0; sent < total;) {
    while (sent < total && mine.bufferedAmount < 1024 * 1024) {
      mine.send(chunk);
      sent += chunk.length;
    }
    await new Promise((resolve) => mine.addEventListener("bufferedamountlow", resolve));
    mostInRelay = Math.max(mostInRelay, bob.end.queuedBytes + bob.down.bytes);
  }
  await waitUntil(() => received === total ? undefined : `${received} of ${total} bytes`);

  assert.ok(mostInRelay <= MAX_BUFFERED_BYTES, `${mostInRelay}`);
  assert.ok(bob.down.mostBytes <= 300 * 1024, `${bob.down.mostBytes}`);
  assert.ok(ann.up.mostBytes <= 300 * 1024, `${ann.up.mostBytes}`);
});

Deno.test("[DC4] a slow receiver holds up nobody else, and a large stream no small one", async () => {
  const { room, ann, bob, pair: [toBob] } = await connected();
  const eve = room.join("eve");
  const toEve = await ann.streams.open(eve.userId, "quick");
  const atEve = messagesOf(eve.opened[0]!.channel);
  bob.down.perTurn = 0;
  for (let n = 0; n < 100; n++) toBob.send(bytesOf(60_000));

  for (let n = 0; n < 100; n++) toEve.send(`${n}`);
  await waitUntil(() => atEve.length === 100 ? undefined : `${atEve.length}`);

  assert.ok(toBob.bufferedAmount > 4_000_000, `${toBob.bufferedAmount}`);
  assert.equal(toBob.readyState, "open");
});

Deno.test("[DC7] a receiver that takes nothing for 10 s loses the stream, and hears so later", async () => {
  const { room, ann, bob, pair: [mine, theirs] } = await connected();
  bob.down.perTurn = 0;
  for (let n = 0; n < 100; n++) mine.send(bytesOf(60_000));
  await waitUntil(() => bob.down.bytes > 200_000 ? undefined : "little has come");
  await waitUntil(() => ann.up.bytes === 0 ? undefined : "something is under way");

  room.clock.advance(SLOW_RECEIVER_MS);
  await waitUntil(() => mine.readyState === "closed" ? undefined : mine.readyState);
  assert.equal(mine.endReason, "slow-receiver");

  bob.down.resume(8);
  await waitUntil(() => theirs.readyState === "closed" ? undefined : theirs.readyState);
  const again = await ann.streams.open(bob.userId, "again");
  assert.equal(again.readyState, "open");
});

Deno.test("a file of 10 MB goes through with its hash, as over a channel of its own", async () => {
  const { room, ann, bob } = setUp();
  const sink = new FakeSink();
  let receiver: FileReceiver | undefined;
  bob.onOpened = (channel) => {
    receiver = new FileReceiver(channel, {
      clock: room.clock,
      changed: ({ phase }) => {
        if (phase === "offered") queueMicrotask(() => receiver!.accept(sink));
      },
    });
  };
  const content = bytesOf(10_000_000);

  const channel = await ann.streams.open(bob.userId, "file:1");
  const sender = new FileSender(channel, new File([content], "a.bin"), {
    clock: room.clock,
    chunkBytes: 65_536,
    changed: () => {},
  });
  await waitUntil(() => isOver(sender.state) ? undefined : JSON.stringify(sender.state));

  assert.equal(sender.state.phase, "done");
  assert.deepEqual(await hashOf(await sink.bytes()), await hashOf(content));
  await waitUntil(() => ann.end.streams + bob.end.streams === 0 ? undefined : "streams are left");
  room.relay.close();
  assert.equal(room.clock.pending, 0);
});

function setUp(): { room: StreamRoom; ann: StreamGuest; bob: StreamGuest } {
  const room = new StreamRoom();
  return { room, ann: room.join("ann"), bob: room.join("bob") };
}

async function connected() {
  const guests = setUp();
  const mine = await guests.ann.streams.open(guests.bob.userId, "file:1");
  const pair: [StreamChannel, StreamChannel] = [mine, guests.bob.opened[0]!.channel];
  return { ...guests, pair };
}

function messagesOf(channel: StreamChannel): (string | Uint8Array)[] {
  const messages: (string | Uint8Array)[] = [];
  channel.addEventListener("message", (event) => {
    const { data } = event as MessageEvent<string | ArrayBuffer>;
    messages.push(typeof data === "string" ? data : new Uint8Array(data));
  });
  return messages;
}

function closesOf(channel: StreamChannel): { count: number } {
  const closes = { count: 0 };
  channel.addEventListener("close", () => closes.count++);
  return closes;
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, n) => n * 7 + (n >> 8));
}
