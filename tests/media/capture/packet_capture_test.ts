/** Captures as streams: what they hold, and when they end. */
import assert from "node:assert/strict";
import { PacketCapture } from "../../../src/media/capture/packet_capture.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const FILE_HEADER = 24;
const RECORD = 16 + 28;

function makeCapture(options: { maxBytes?: number; maxMs?: number } = {}) {
  const clock = new FakeClock();
  let ends = 0;
  const capture = new PacketCapture({
    clock,
    maxBytes: options.maxBytes ?? 1_000_000,
    maxMs: options.maxMs ?? 60_000,
    ended: () => ends++,
  });
  return { clock, capture, ends: () => ends };
}

const packetOf = (length: number) => new Uint8Array(length).fill(0x80);
const readAll = (capture: PacketCapture) => new Response(bytesOf(capture.stream)).bytes();

/** Fetch never shares memory. */
function bytesOf(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return stream as ReadableStream<Uint8Array<ArrayBuffer>>;
}

Deno.test("PacketCapture.packet adds a record with the time, until it is closed", async () => {
  const { clock, capture, ends } = makeCapture();

  clock.advance(1_500);
  capture.packet("publisher", "in", packetOf(20));
  capture.close();
  capture.packet("publisher", "in", packetOf(20));
  capture.close();
  const file = await readAll(capture);

  assert.equal(file.length, FILE_HEADER + RECORD + 20);
  const view = new DataView(file.buffer, file.byteOffset);
  assert.equal(view.getUint32(FILE_HEADER, true), Date.UTC(2026, 0, 1) / 1000 + 1);
  assert.equal(view.getUint32(FILE_HEADER + 4, true), 500_000);
  assert.deepEqual([capture.isOver, ends(), clock.pending], [true, 0, 0]);
});

Deno.test("PacketCapture copies a packet, whose buffer is used again", async () => {
  const { capture } = makeCapture();
  const bytes = packetOf(20);

  capture.packet("subscriber", "out", bytes);
  bytes.fill(0);
  capture.close();

  assert.equal((await readAll(capture)).at(-1), 0x80);
});

Deno.test("PacketCapture ends before maxBytes, with whole records", async () => {
  const { clock, capture, ends } = makeCapture({ maxBytes: FILE_HEADER + 2 * (RECORD + 100) + 99 });

  for (let n = 0; n < 5; n++) capture.packet("publisher", "in", packetOf(100));

  assert.equal((await readAll(capture)).length, FILE_HEADER + 2 * (RECORD + 100));
  assert.deepEqual([capture.isOver, ends(), clock.pending], [true, 1, 0]);
});

Deno.test("PacketCapture ends after maxMs", async () => {
  const { clock, capture, ends } = makeCapture({ maxMs: 2_000 });

  clock.advance(1_999);
  capture.packet("publisher", "in", packetOf(10));
  clock.advance(1);
  capture.packet("publisher", "in", packetOf(10));

  assert.equal((await readAll(capture)).length, FILE_HEADER + RECORD + 10);
  assert.deepEqual([capture.isOver, ends(), clock.pending], [true, 1, 0]);
});

Deno.test("PacketCapture ends when its reader goes", async () => {
  const { clock, capture, ends } = makeCapture();

  await capture.stream.cancel();
  capture.packet("publisher", "in", packetOf(10));
  clock.advance(60_000);
  capture.close();

  assert.deepEqual([capture.isOver, ends(), clock.pending], [true, 1, 0]);
});

Deno.test("PacketCapture leaves packets out while its reader is behind, and goes on afterwards", async () => {
  const { capture } = makeCapture({ maxBytes: 100_000_000 });
  const reader = capture.stream.getReader();

  for (let n = 0; n < 80; n++) capture.packet("publisher", "in", packetOf(60_000));
  const { dropped } = capture;
  let read = 0;
  for (; read < 80 - dropped + 1; read++) await reader.read();
  capture.packet("publisher", "in", packetOf(60_000));
  const last = await reader.read();

  assert.ok(dropped > 0 && dropped < 80, `${dropped}`);
  assert.equal(capture.dropped, dropped);
  assert.equal(last.value?.length, RECORD + 60_000);
  await reader.cancel();
});
