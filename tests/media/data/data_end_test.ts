/** Credit, slow receivers, and how much is kept for them. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { SLOW_RECEIVER_MS } from "../../../src/media/data/data_end.ts";
import { BASE_BYTES, MAX_BUFFERED_BYTES } from "../../../src/media/data/flow.ts";
import {
  encodeDataFrame,
  MAX_FRAGMENT_BYTES,
  MAX_STREAMS,
  STREAM_ENDS,
  STREAM_WINDOW_BYTES,
} from "../../../src/protocol/mod.ts";
import { type DataGuest, DataRoom } from "../../support/data_room.ts";

Deno.test("[DC4] who sends more than its credit loses the stream, and only that", () => {
  const { ann, bob } = setUp();
  ann.open(bob, 1, BASE_BYTES);
  ann.open(bob, 2);
  bob.hasChannel = false;

  ann.send(bob, MAX_FRAGMENT_BYTES);
  assert.deepEqual(ann.story(), []);
  ann.send(bob, 0);

  assert.deepEqual(ann.story(), ["close bob/1* protocol"]);
  assert.equal(ann.end.streams, 1);
});

Deno.test("[DC4] nothing may be sent before the other side has agreed", () => {
  const { ann, bob } = setUp();
  ann.say(bob, { type: "open" });

  ann.send(bob, 1);

  assert.deepEqual(ann.story(), ["close bob/1* protocol"]);
});

Deno.test("[DC4] who opened a stream is sent something without having said more", () => {
  const { ann, bob } = setUp();
  ann.say(bob, { type: "open", credit: 1_000 });

  const credits = bob.heard().map((frame) => frame.type === "open" ? frame.credit : undefined);
  assert.deepEqual(credits, [1_000]);
  bob.send(ann, 872, { isOpener: false });

  assert.deepEqual(ann.story(), ["data bob/1* 872"]);
});

Deno.test("[DC4] a sender gets credit as the receiver takes, up to what the receiver allows", () => {
  const { ann, bob } = setUp();
  ann.open(bob);
  let credit = BASE_BYTES;
  let sent = 0;
  for (let n = 0; n < 1_000 && credit >= BASE_BYTES; n++) {
    credit -= ann.send(bob, MAX_FRAGMENT_BYTES);
    sent += BASE_BYTES;
    for (const frame of ann.heard()) if (frame.type === "credit") credit += frame.credit;
  }

  // The receiver has allowed a million.
  assert.equal(sent + credit, 1_000_000);
});

Deno.test("[DC4] a receiver that takes nothing holds up its senders at a mebibyte", () => {
  const { room, bob } = setUp();
  const guests = Array.from({ length: MAX_STREAMS }, (_, n) => room.join(`guest-${n}`));
  for (const guest of guests) guest.open(bob);
  bob.isHolding = true;

  for (let n = 0; n < 1_000; n++) for (const guest of guests) sendAll(guest, bob);
  const kept = bob.end.queuedBytes + bob.bufferedAmount;

  assert.ok(kept <= MAX_BUFFERED_BYTES + BASE_BYTES, `${kept}`);
  assert.ok(kept > MAX_BUFFERED_BYTES / 2, `${kept}`);
  assert.equal(bob.end.streams, MAX_STREAMS);
});

Deno.test("[DC4] streams that nobody uses leave room for one that is", () => {
  const { room, ann, bob } = setUp();
  for (let n = 0; n < MAX_STREAMS - 1; n++) room.join(`idle-${n}`).open(bob);
  ann.open(bob);
  bob.isHolding = true;

  sendAll(ann, bob);
  const ahead = bob.end.queuedBytes + bob.bufferedAmount;

  assert.ok(ahead > STREAM_WINDOW_BYTES, `${ahead}`);
});

Deno.test("[DC4] a stream is never without credit for good, whatever the others do", () => {
  const { room, ann, bob } = setUp();
  const hogs = Array.from({ length: MAX_STREAMS - 1 }, (_, n) => room.join(`hog-${n}`));
  for (const hog of hogs) hog.open(bob);
  ann.open(bob);
  bob.isHolding = true;
  for (const hog of hogs) sendAll(hog, bob);
  // From now on they keep what they have; ann goes on with what is left.
  let sent = 0;
  for (let n = 0; n < 200; n++) {
    sent += sendAll(ann, bob);
    bob.take(64 * 1024);
  }

  assert.ok(sent > 900_000, `${sent}`);
});

Deno.test("[DC4] fragments of nothing are counted as well", () => {
  const { ann, bob } = setUp();
  ann.open(bob, 1, BASE_BYTES);
  bob.hasChannel = false;
  let sent = 0;

  while (ann.end.streams === 1) {
    ann.send(bob, 0, { isLast: false });
    sent++;
  }

  assert.equal(sent, BASE_BYTES / 128 + 1);
});

Deno.test("[DC4] who opens and closes streams all the time gets no more room for it", () => {
  const { ann, bob } = setUp();
  bob.isHolding = true;
  bob.bufferedAmount = 2 ** 20;
  for (let n = 1; n < 2_000; n++) {
    ann.say(bob, { type: "open", streamId: n });
    bob.say(ann, { type: "credit", streamId: n, isOpener: false });
    sendAll(ann, bob, n);
    ann.say(bob, { type: "close", streamId: n });
  }

  assert.ok(bob.end.queuedBytes <= MAX_BUFFERED_BYTES, `${bob.end.queuedBytes}`);
  assert.equal(bob.end.streams, MAX_STREAMS);
  bob.bufferedAmount = 0;
  bob.isHolding = false;
  bob.take();
  assert.deepEqual([bob.end.queuedBytes, bob.end.streams], [0, 0]);
});

Deno.test("[DC4] what a receiver closes is not kept for it", () => {
  const { ann, bob } = setUp();
  bob.bufferedAmount = 2 ** 20;
  for (let n = 1; n < 100; n++) {
    ann.say(bob, { type: "open", streamId: n });
    bob.say(ann, { type: "credit", streamId: n, isOpener: false });
    ann.send(bob, MAX_FRAGMENT_BYTES, { streamId: n });
    bob.say(ann, { type: "close", streamId: n, isOpener: false });
  }

  bob.bufferedAmount = 0;
  bob.take();

  assert.deepEqual(bob.story().filter((one) => !one.startsWith("open")), []);
});

Deno.test("[DC7] a receiver that takes nothing for 10 s loses its streams, and stays", () => {
  const { room, ann, bob } = setUp();
  const eve = room.join("eve");
  ann.open(bob, 1, BASE_BYTES);
  ann.open(eve, 2);
  bob.hasChannel = false;
  ann.send(bob, 5);

  room.clock.advance(SLOW_RECEIVER_MS - 1);
  assert.equal(ann.end.streams, 2);
  room.clock.advance(1);
  assert.deepEqual(ann.story(), ["close bob/1* slow-receiver"]);
  assert.deepEqual([ann.end.streams, room.clock.pending], [1, 0]);

  ann.say(bob, { type: "open", streamId: 3 });
  assert.deepEqual(ann.story(), ["close bob/3* slow-receiver"]);

  bob.hasChannel = true;
  bob.take();
  assert.deepEqual(bob.story(), ["close ann/1 slow-receiver"]);
  ann.say(bob, { type: "open", streamId: 4 });
  assert.deepEqual(bob.story(), ['open ann/4 "a"']);
});

Deno.test("[DC7] a receiver that takes a little every while keeps its streams", () => {
  const { room, ann, bob } = setUp();
  ann.open(bob);
  bob.isHolding = true;
  sendAll(ann, bob);

  for (let n = 0; n < 20; n++) {
    room.clock.advance(SLOW_RECEIVER_MS - 1);
    bob.bufferedAmount -= 100;
  }

  assert.equal(ann.end.streams, 1);
  room.relay.close();
});

Deno.test("[DC7] a transport that moves nothing counts, though nothing waits before it", () => {
  const { room, ann, bob } = setUp();
  ann.open(bob);
  bob.isHolding = true;
  ann.send(bob, 5);
  assert.equal(bob.end.queuedBytes, 0);

  room.clock.advance(SLOW_RECEIVER_MS);

  assert.deepEqual([ann.end.streams, room.clock.pending], [0, 0]);
});

Deno.test("[DC7] a receiver that has all it was sent is not slow", () => {
  const { room, ann, bob } = setUp();
  ann.open(bob);
  ann.send(bob, 5);

  room.clock.advance(10 * SLOW_RECEIVER_MS);

  assert.deepEqual([ann.end.streams, room.clock.pending], [1, 0]);
});

Deno.test("[DC1] 100,000 mutated frames crash nothing, and hurt no other stream", () => {
  const { room, ann, bob } = setUp();
  const [eve, dan] = [room.join("eve"), room.join("dan")];
  eve.open(dan, 77);
  const names = fc.constantFrom("ann", "bob", "nobody", "");
  const frame = fc.record({
    type: fc.constantFrom("open", "data", "credit", "close"),
    streamId: fc.integer({ min: 0, max: 5 }),
    isOpener: fc.boolean(),
    userId: fc.constantFrom("ann", "bob", "nobody"),
    credit: fc.constantFrom(0, 1, BASE_BYTES, 0xffff_ffff),
    label: fc.string({ maxLength: 8 }),
    isText: fc.boolean(),
    isLast: fc.boolean(),
    payload: fc.uint8Array({ maxLength: 64 }),
    reason: fc.constantFrom(...STREAM_ENDS),
  }).map((one) => encodeDataFrame(one as Parameters<typeof encodeDataFrame>[0]));
  const mutation = fc.record({
    at: fc.nat({ max: 20 }),
    value: fc.integer({ min: 0, max: 255 }),
    cut: fc.option(fc.nat({ max: 30 }), { nil: undefined, freq: 10 }),
  });
  const mutated = fc.tuple(frame, fc.array(mutation, { maxLength: 2 }))
    .map(([bytes, mutations]) => mutations.reduce(mutate, bytes));
  let count = 0;

  fc.assert(
    fc.property(fc.array(mutated, { minLength: 50, maxLength: 50 }), names, (frames, name) => {
      // Whoever was shut out comes again.
      const guests = [room.join("ann"), room.join("bob")];
      for (const [n, bytes] of frames.entries()) {
        count++;
        guests[n % 2]!.end.receive(bytes);
        if (n % 7 === 0) guests[n % 2]!.hasChannel = name !== "";
        if (n % 11 === 0) guests[n % 2]!.take();
      }
      for (const { end } of guests) assert.ok(end.streams <= MAX_STREAMS);
      eve.send(dan, 3, { streamId: 77 });
      dan.say(eve, { type: "credit", streamId: 77, isOpener: false, credit: 131 });
      assert.ok(dan.story().includes("data eve/77 3"));
    }),
    { numRuns: 2_000 },
  );

  assert.equal(count, 100_000);
  ann.end.close();
  bob.end.close();
  room.relay.close();
  assert.equal(room.clock.pending, 0);
});

function setUp() {
  const room = new DataRoom();
  return { room, ann: room.join("ann"), bob: room.join("bob") };
}

/** Sends whole fragments while there is credit, as an honest client does; returns what they took. */
function sendAll(guest: DataGuest, to: DataGuest, streamId = 1): number {
  let credit = credits.get(guest)?.get(streamId) ?? BASE_BYTES;
  let sent = 0;
  for (;;) {
    for (const frame of guest.heard()) if (frame.type === "credit") credit += frame.credit;
    if (credit < BASE_BYTES) break;
    credit -= BASE_BYTES;
    sent += guest.send(to, MAX_FRAGMENT_BYTES, { streamId });
  }
  credits.set(guest, (credits.get(guest) ?? new Map()).set(streamId, credit));
  return sent;
}

const credits = new WeakMap<DataGuest, Map<number, number>>();

function mutate(
  bytes: Uint8Array,
  { at, value, cut }: { at: number; value: number; cut?: number | undefined },
): Uint8Array {
  const copy = bytes.slice(0, cut ?? bytes.length);
  if (at < copy.length) copy[at] = value;
  return copy;
}
