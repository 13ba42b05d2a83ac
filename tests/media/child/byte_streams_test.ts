/** Streams that are read piece by piece by somebody else. */
import assert from "node:assert/strict";
import { ByteStreams } from "../../../src/media/child/byte_streams.ts";
import { MediaError } from "../../../src/media/port.ts";

const piece = (...bytes: number[]) => new Uint8Array(bytes);

Deno.test("ByteStreams gives a stream piece by piece, then its end, and forgets it", async () => {
  const streams = new ByteStreams();
  const stream = streams.add(ReadableStream.from([piece(1, 2), piece(), piece(255)]));

  assert.deepEqual(await streams.read(stream), { bytes: "AQI=" });
  assert.deepEqual(await streams.read(stream), { bytes: "" });
  assert.deepEqual(await streams.read(stream), { bytes: "/w==" });
  assert.equal(streams.size, 1);
  assert.deepEqual(await streams.read(stream), {});

  assert.equal(streams.size, 0);
  assert.deepEqual(await streams.read(stream), {});
});

Deno.test("ByteStreams keeps streams apart", async () => {
  const streams = new ByteStreams();
  const [one, two] = [piece(1), piece(2)].map((bytes) => streams.add(ReadableStream.from([bytes])));

  assert.deepEqual([await streams.read(two!), await streams.read(one!)], [
    { bytes: "Ag==" },
    { bytes: "AQ==" },
  ]);
  streams.close();
});

Deno.test("ByteStreams reads nothing that nobody asks for", async () => {
  const streams = new ByteStreams();
  let pulled = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(piece(++pulled));
    },
  }, { highWaterMark: 0 });

  const stream = streams.add(source);
  await streams.read(stream);
  await streams.read(stream);

  assert.equal(pulled, 2);
  streams.close();
});

Deno.test("ByteStreams.cancel tells the source, and close tells all", async () => {
  const streams = new ByteStreams();
  const cancelled: string[] = [];
  const open = (name: string) =>
    streams.add(new ReadableStream({ cancel: () => void cancelled.push(name) }));
  const one = open("one");
  const read = streams.read(one);
  open("two");

  streams.cancel(one);
  streams.cancel(99);
  streams.close();

  assert.deepEqual([cancelled, await read, streams.size], [["one", "two"], {}, 0]);
});

Deno.test("ByteStreams says that a stream has failed, once", async () => {
  const streams = new ByteStreams();
  const stream = streams.add(
    new ReadableStream({ start: (controller) => controller.error(new Error("broken")) }),
  );

  await assert.rejects(
    streams.read(stream),
    (error) => error instanceof MediaError && error.code === "unavailable",
  );
  assert.deepEqual(await streams.read(stream), {});
  streams.cancel(stream);
});
