/** Bytes that come in any pieces are the same lines. */
import assert from "node:assert/strict";
import { readLines } from "../../../src/media/ipc/lines.ts";

function streamOf(...parts: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return ReadableStream.from(
    parts.map((part) => typeof part === "string" ? encoder.encode(part) : part),
  );
}

async function read(stream: ReadableStream<Uint8Array>, maxBytes = 100): Promise<string[]> {
  return await Array.fromAsync(readLines(stream, maxBytes));
}

Deno.test("readLines gives each line once its end has come", async () => {
  assert.deepEqual(await read(streamOf("one\ntwo\n\nthree\n")), ["one", "two", "", "three"]);
  assert.deepEqual(await read(streamOf("o", "ne\nt", "", "wo", "\n")), ["one", "two"]);
  assert.deepEqual(await read(streamOf("whole\nhalf")), ["whole"]);
  assert.deepEqual(await read(streamOf()), []);
});

Deno.test("readLines puts characters together that were cut in two", async () => {
  const bytes = new TextEncoder().encode("fünf €\n");
  const parts = [...bytes].map((byte) => new Uint8Array([byte]));

  assert.deepEqual(await read(streamOf(...parts)), ["fünf €"]);
});

Deno.test("readLines gives up a line that does not end, and reads no further", async () => {
  let pulled = 0;
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(40).fill(120));
    },
    cancel() {
      isCancelled = true;
    },
  });

  await assert.rejects(
    read(endless),
    /^RangeError: Cannot read a line: it is longer than 100 bytes/,
  );

  assert.ok(pulled < 6, `${pulled} pieces`);
  assert.equal(isCancelled, true);
});

Deno.test("readLines holds the bound for a line that came whole, to the byte", async () => {
  assert.deepEqual(await read(streamOf(`${"x".repeat(100)}\n`)), ["x".repeat(100)]);
  await assert.rejects(read(streamOf(`${"x".repeat(101)}\n`)), RangeError);
});

Deno.test("readLines ends the stream when its reader stops", async () => {
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("again\n")),
    cancel() {
      isCancelled = true;
    },
  });

  for await (const line of readLines(stream, 100)) {
    assert.equal(line, "again");
    break;
  }

  assert.equal(isCancelled, true);
});
