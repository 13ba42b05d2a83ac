/** Packets in order, whatever order they come in. */
import assert from "node:assert/strict";
import type { RtpPacket } from "../../../src/media/rtp/packet.ts";
import {
  MAX_HELD_BYTES,
  MAX_HELD_PACKETS,
  MAX_WAIT_MS,
  ReorderBuffer,
} from "../../../src/media/record/reorder_buffer.ts";
import { packetOf } from "./packets.ts";

/** What a receiver heard: sequence numbers, and -1 where packets are missing. */
function makeBuffer() {
  const heard: number[] = [];
  const arrivals: number[] = [];
  const buffer = new ReorderBuffer({
    packet(packet: RtpPacket, arrivedAtMs: number) {
      // The number is in the payload, too: the bytes have to be those of the packet.
      assert.equal(packet.bytes[packet.payloadStart], packet.sequenceNumber & 0xff);
      heard.push(packet.sequenceNumber);
      arrivals.push(arrivedAtMs);
    },
    packetsLost: () => heard.push(-1),
  });
  const push = (sequenceNumber: number, nowMs = 0) =>
    buffer.push(
      packetOf({ sequenceNumber, payload: Uint8Array.of(sequenceNumber & 0xff) }),
      nowMs,
    );
  return { buffer, heard, arrivals, push };
}

Deno.test("ReorderBuffer hands on what comes in order, across the wrap", () => {
  const { buffer, heard, push } = makeBuffer();

  for (const number of [65_534, 65_535, 0, 1]) push(number);

  assert.deepEqual(heard, [65_534, 65_535, 0, 1]);
  assert.equal(buffer.held, 0);
});

Deno.test("ReorderBuffer holds what comes too early, with the time when it came", () => {
  const { buffer, heard, arrivals, push } = makeBuffer();

  push(65_534, 1);
  push(1, 2);
  push(65_535, 3);
  assert.deepEqual([heard, buffer.held], [[65_534, 65_535], 1]);
  push(0, 4);

  assert.deepEqual(heard, [65_534, 65_535, 0, 1]);
  assert.deepEqual(arrivals, [1, 3, 4, 2]);
});

Deno.test("ReorderBuffer drops what comes twice, held or not, and what comes too late", () => {
  const { heard, push } = makeBuffer();

  for (const number of [10, 10, 12, 12, 11, 12, 9]) push(number);

  assert.deepEqual(heard, [10, 11, 12]);
});

Deno.test("ReorderBuffer waits for a gap, and then no longer", () => {
  const { heard, push, buffer } = makeBuffer();
  push(1, 0);
  push(3, 100);
  push(5, 200);

  buffer.expire(100 + MAX_WAIT_MS - 1);
  assert.deepEqual(heard, [1]);
  buffer.expire(100 + MAX_WAIT_MS);
  assert.deepEqual(heard, [1, -1, 3]);
  buffer.expire(100 + 2 * MAX_WAIT_MS);

  assert.deepEqual(heard, [1, -1, 3, -1, 5]);
  push(4, 3_000);
  assert.deepEqual(heard, [1, -1, 3, -1, 5]);
});

Deno.test("ReorderBuffer gives gaps up when packets come without end", () => {
  const { heard, push } = makeBuffer();
  push(1, 0);

  for (let number = 3; heard.length === 1; number++) push(number, (number - 3) * 2);

  assert.deepEqual(heard.slice(0, 3), [1, -1, 3]);
  assert.equal(heard.length, 2 + MAX_WAIT_MS / 2 + 1);
});

Deno.test("ReorderBuffer holds no more bytes than it may", () => {
  const { buffer, heard, push } = makeBuffer();
  push(1);
  const payload = new Uint8Array(60_000);

  for (let number = 3; number < 103; number++) {
    payload[0] = number;
    buffer.push(packetOf({ sequenceNumber: number, payload }), 0);
    assert.ok(buffer.held * payload.length <= MAX_HELD_BYTES + payload.length);
  }

  assert.ok(heard.length > 50, "the gap was given up");
});

Deno.test("ReorderBuffer takes a number far off for an error, and two in a row for a new count", () => {
  const { heard, push } = makeBuffer();
  push(1);

  push(1 + MAX_HELD_PACKETS + 1);
  push(2);
  assert.deepEqual(heard, [1, 2]);
  push(40_000);
  push(40_001);
  push(40_002);

  assert.deepEqual(heard, [1, 2, -1, 40_001, 40_002]);
});

Deno.test("ReorderBuffer.flush hands on all that waits, and begins anew", () => {
  const { buffer, heard, push } = makeBuffer();
  for (const number of [1, 3, 6]) push(number);

  buffer.flush(0);
  push(500);

  assert.deepEqual(heard, [1, -1, 3, -1, 6, 500]);
  assert.equal(buffer.held, 0);
});
