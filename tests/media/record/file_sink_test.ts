/** From a muxer to a file. */
import assert from "node:assert/strict";
import { FileSink } from "../../../src/media/record/file_sink.ts";
import { MemoryDisk } from "./memory_disk.ts";

function makeSink() {
  const disk = new MemoryDisk();
  const sink = new FileSink(disk, "a");
  const writer = sink.writable.getWriter();
  let position = 0;
  const write = async (data: Uint8Array<ArrayBuffer>) => {
    const chunk = { type: "write" as const, data, position };
    position += data.length;
    await writer.write(chunk);
  };
  return { disk, sink, writer, write, content: () => disk.files.get("a") };
}

Deno.test("FileSink collects small pieces, and writes them when it is told to", async () => {
  const { disk, sink, write, content } = makeSink();

  await write(Uint8Array.of(1, 2));
  await write(Uint8Array.of(3));
  assert.deepEqual([disk.writes, sink.bytes, sink.waitingBytes], [0, 3, 3]);
  await sink.flush();

  assert.deepEqual([disk.writes, sink.waitingBytes], [1, 0]);
  assert.deepEqual(content(), Uint8Array.of(1, 2, 3));
  await sink.close();
});

Deno.test("FileSink writes what has become much by itself", async () => {
  const { disk, sink, write } = makeSink();

  for (let count = 0; count < 10; count++) await write(new Uint8Array(20_000));

  assert.equal(disk.writes, 2);
  assert.equal(sink.waitingBytes, 40_000);
  await sink.close();
  assert.equal(disk.files.get("a")?.length, 200_000);
  assert.equal(disk.open.size, 0);
});

Deno.test("FileSink keeps the order while the disk is slow", async () => {
  const { disk, sink, write, content } = makeSink();
  const { promise, resolve } = Promise.withResolvers<void>();
  disk.gate = promise;

  const flushes = [1, 2, 3].map(async (value) => {
    await write(Uint8Array.of(value));
    await sink.flush();
  });
  resolve();
  await Promise.all(flushes);

  assert.deepEqual(content(), Uint8Array.of(1, 2, 3));
  await sink.close();
});

Deno.test("FileSink.tail has what came since it was begun", async () => {
  const { sink, write } = makeSink();
  await write(Uint8Array.of(1));
  assert.deepEqual(sink.tail(), new Uint8Array(0));

  sink.startTail();
  await write(Uint8Array.of(2));
  await sink.flush();
  await write(Uint8Array.of(3));

  assert.deepEqual(sink.tail(), Uint8Array.of(2, 3));
  await sink.close();
});

Deno.test("FileSink.overwrite corrects what is written, and what is collected still", async () => {
  const { sink, write, content } = makeSink();
  await write(Uint8Array.of(1, 2, 3));

  await sink.overwrite(0, Uint8Array.of(9));
  await write(Uint8Array.of(4));
  await sink.close();

  assert.deepEqual(content(), Uint8Array.of(9, 2, 3, 4));
});

Deno.test("FileSink tells everybody who writes that the disk is full, and closes", async () => {
  const { disk, sink, write } = makeSink();
  disk.capacity = 10;
  await write(new Uint8Array(20));

  await assert.rejects(sink.flush(), /No space left/);
  await assert.rejects(sink.flush(), /No space left/);
  await assert.rejects(sink.overwrite(0, Uint8Array.of(1)), /No space left/);
  await assert.rejects(write(new Uint8Array(70_000)), /No space left/);
  await sink.close();

  assert.equal(disk.open.size, 0);
});

Deno.test("FileSink tells that its file cannot be made", async () => {
  const disk = new MemoryDisk();
  disk.files.set("a", new Uint8Array(0));

  const sink = new FileSink(disk, "a");

  await assert.rejects(sink.flush(), Deno.errors.AlreadyExists);
  await sink.close();
});
