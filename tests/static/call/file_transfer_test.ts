/** A file from end to end: every chunking arrives equal, and both sides agree how it ended. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { FileReceiver } from "../../../static/call/file_receiver.ts";
import { FileSender } from "../../../static/call/file_sender.ts";
import {
  chunkBytesFor,
  decodeFileMessage,
  isOver,
  TRANSFER_FAULTS,
  WINDOW_BYTES,
} from "../../../static/call/file_transfer.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { FakeChannel } from "../support/fake_channel.ts";
import { FakeSink } from "../support/fake_sink.ts";

Deno.test("FileSender and FileReceiver carry every file in every chunking", async () => {
  const sizes = fc.oneof(
    fc.nat(3),
    fc.nat(600_000),
    fc.constantFrom(262_143, 262_144, 262_145, 1_048_576),
  );
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.oneof(fc.constantFrom(16_384, 65_536), fc.integer({ min: 700, max: 70_000 })),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(6),
      async (size, chunkBytes, perTurn, writeTurns) => {
        const { sender, receiver, channels, clock } = setUp(bytesOf(size), chunkBytes);
        for (const channel of channels) channel.perTurn = perTurn;
        const sink = new FakeSink();
        sink.beforeWrite = () => turns(writeTurns);

        await offered(receiver);
        receiver.accept(sink);
        await over(sender, receiver);

        assert.deepEqual(sender.state, { phase: "done", file: undefined });
        assert.equal(receiver.state.phase, "done");
        assert.equal(sink.state, "finished");
        assert.ok(Buffer.from(await sink.bytes()).equals(bytesOf(size)));
        assert.equal(clock.pending, 0);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("FileSender waits for a slow disk and fills neither its buffer nor the window", async () => {
  const size = 3 * WINDOW_BYTES;
  const { sender, receiver, channels } = setUp(bytesOf(size), 65_536);
  const sink = new FakeSink();
  let release: () => void = () => {};
  sink.beforeWrite = () => new Promise((resolve) => release = resolve);
  await offered(receiver);

  let received = 0;
  channels[1].addEventListener("message", (event) => {
    if (event instanceof MessageEvent && event.data instanceof ArrayBuffer) {
      received += event.data.byteLength;
    }
  });
  receiver.accept(sink);
  await waitUntil(() => received === WINDOW_BYTES ? undefined : `${received} bytes came`);
  await turns(100);
  const whileHeld = received;
  sink.beforeWrite = () => {};
  release();
  await over(sender, receiver);

  assert.equal(whileHeld, WINDOW_BYTES);
  assert.ok(channels[0].mostBuffered <= 1024 * 1024 + 65_536, `${channels[0].mostBuffered}`);
  assert.equal(receiver.state.phase, "done");
  assert.equal(received, size);
});

Deno.test("FileSender goes on when its buffer runs low, not before", async () => {
  const { sender, receiver, channels } = setUp(bytesOf(3 * 1024 * 1024), 65_536);
  await offered(receiver);

  channels[0].perTurn = 0;
  receiver.accept(new FakeSink());
  await waitUntil(() => channels[0].bufferedAmount >= 1024 * 1024 ? undefined : "nothing waits");
  await turns(50);
  const held = channels[0].bufferedAmount;
  channels[0].perTurn = 8;
  channels[0].resume();
  await over(sender, receiver);

  assert.ok(held <= 1024 * 1024 + 65_536, `${held} bytes in the buffer`);
  assert.equal(receiver.state.phase, "done");
});

Deno.test("a transfer in the middle of which the channel is lost has failed on both sides", async () => {
  const { sender, receiver, channels, clock } = setUp(bytesOf(2_000_000), 16_384);
  const sink = stuckSink();
  await offered(receiver);
  receiver.accept(sink);
  await waitUntil(() => sink.parts.length > 1 ? undefined : "nothing was written");

  channels[0].cut();
  await turns(20);

  assert.deepEqual(sender.state, { phase: "failed", fault: "channel-lost" });
  assert.deepEqual(receiver.state, { phase: "failed", fault: "channel-lost" });
  assert.equal(sink.state, "aborted");
  assert.equal(clock.pending, 0);
});

for (const who of ["sender", "receiver"] as const) {
  Deno.test(`a transfer that the ${who} cancels is over for both`, async () => {
    const { sender, receiver, clock } = setUp(bytesOf(2_000_000), 16_384);
    const sink = stuckSink();
    await offered(receiver);
    receiver.accept(sink);
    await waitUntil(() => sink.parts.length > 1 ? undefined : "nothing was written");

    ({ sender, receiver })[who].cancel();
    await over(sender, receiver);
    sender.cancel();
    receiver.cancel();

    const by = (side: string) => ({ phase: "cancelled", by: side === who ? "self" : "other" });
    assert.deepEqual(sender.state, by("sender"));
    assert.deepEqual(receiver.state, by("receiver"));
    assert.equal(sink.state, "aborted");
    assert.equal(clock.pending, 0);
  });
}

Deno.test("a declined transfer sends no byte", async () => {
  const { sender, receiver, channels, clock } = setUp(bytesOf(100_000), 16_384);
  await offered(receiver);

  receiver.decline();
  await over(sender, receiver);

  assert.deepEqual(sender.state, { phase: "declined" });
  assert.deepEqual(receiver.state, { phase: "declined" });
  assert.ok(channels[0].mostBuffered < 1_000, `${channels[0].mostBuffered} bytes were sent`);
  assert.equal(receiver.accept(new FakeSink()), false);
  assert.equal(clock.pending, 0);
});

Deno.test("a full disk at the receiver ends the transfer on both sides", async () => {
  const { sender, receiver } = setUp(bytesOf(2_000_000), 16_384);
  const sink = new FakeSink();
  sink.beforeWrite = () => {
    if (sink.parts.length === 2) throw new DOMException("full", "QuotaExceededError");
  };
  await offered(receiver);

  receiver.accept(sink);
  await over(sender, receiver);

  assert.deepEqual(sender.state, { phase: "failed", fault: "unwritable" });
  assert.deepEqual(receiver.state, { phase: "failed", fault: "unwritable" });
  assert.equal(sink.state, "aborted");
});

Deno.test("decodeFileMessage reads what is said", () => {
  const hash = "0".repeat(64);
  const offer = { type: "offer", name: "a.txt", size: 3, mime: "text/plain" };
  const good = [
    offer,
    { type: "accept" },
    { type: "decline" },
    { type: "done" },
    { type: "progress", bytes: 5 },
    { type: "end", sha256: hash },
    { type: "cancel", reason: "cancelled" },
    ...TRANSFER_FAULTS.map((reason) => ({ type: "cancel", reason })),
  ];

  for (const message of good) {
    assert.deepEqual(decodeFileMessage(JSON.stringify(message)), message);
  }
  assert.deepEqual(decodeFileMessage(JSON.stringify({ ...offer, mime: 1, more: 2 })), {
    ...offer,
    mime: "",
  });
  assert.deepEqual(decodeFileMessage('{"type":"cancel","reason":"bored"}'), {
    type: "cancel",
    reason: "protocol",
  });
});

Deno.test("decodeFileMessage refuses what is nothing of the protocol, and never throws", () => {
  const bad = [
    "",
    "null",
    "[]",
    "{",
    "7",
    '{"type":"offer","name":"a","size":-1}',
    '{"type":"offer","name":"a","size":1.5}',
    '{"type":"offer","name":"a","size":"1"}',
    '{"type":"offer","size":1}',
    JSON.stringify({ type: "offer", name: "a".repeat(1_001), size: 1 }),
    '{"type":"progress"}',
    '{"type":"progress","bytes":1e300}',
    '{"type":"end"}',
    '{"type":"constructor"}',
  ];

  assert.deepEqual(bad.filter((text) => decodeFileMessage(text) !== undefined), []);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
    decodeFileMessage(text);
  }));
});

Deno.test("chunkBytesFor takes large chunks only where they are known to pass", () => {
  const sizes = [undefined, 0, 16_384, 65_535, 65_536, 262_144, Infinity].map(chunkBytesFor);

  assert.deepEqual(sizes, [16_384, 16_384, 16_384, 16_384, 65_536, 65_536, 65_536]);
});

function setUp(bytes: Uint8Array<ArrayBuffer>, chunkBytes: number) {
  const clock = new FakeClock();
  const channels = FakeChannel.pair();
  const changed = () => {};
  const receiver = new FileReceiver(channels[1], { clock, changed });
  const file = new File([bytes], "picture.png", { type: "image/png" });
  const sender = new FileSender(channels[0], file, { clock, chunkBytes, changed });
  return { clock, channels, sender, receiver };
}

/** A disk that stops after the second write: the transfer stays in its middle. */
function stuckSink(): FakeSink {
  const sink = new FakeSink();
  sink.beforeWrite = () => sink.parts.length < 2 ? undefined : new Promise(() => {});
  return sink;
}

/** Bytes without a period that a wrong order could hide behind. */
function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let state = 12345;
  for (let index = 0; index < size; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

async function offered(receiver: FileReceiver): Promise<void> {
  await waitUntil(() => receiver.state.phase === "offered" ? undefined : "nothing is offered");
}

async function over(...ends: readonly (FileSender | FileReceiver)[]): Promise<void> {
  await waitUntil(() =>
    ends.every(({ state }) => isOver(state))
      ? undefined
      : `the ends are ${JSON.stringify(ends.map(({ state }) => state))}`
  );
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}
