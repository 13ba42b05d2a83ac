/** Files in the browser's hands: the parts come out as they went in. */
import assert from "node:assert/strict";
import type { SinkOptions } from "../../../static/call/byte_sink.ts";
import { MemorySink, openSink } from "../../../static/browser/save_stream.ts";

Deno.test("MemorySink makes one file of many parts, bytes and blobs, in their order", async () => {
  const sink = new MemorySink();
  const large = new Uint8Array(3 * 1024 * 1024).fill(7);

  await sink.write(new Blob(["a"]));
  await sink.write(large);
  await sink.write(large);
  await sink.write(new Uint8Array([98]));
  const file = await sink.finish();

  const bytes = new Uint8Array(await file.arrayBuffer());
  assert.equal(bytes.length, 2 * large.length + 2);
  assert.deepEqual([bytes[0], bytes[1], bytes.at(-2), bytes.at(-1)], [97, 7, 7, 98]);
});

Deno.test("MemorySink never gives a file the type that its sender claimed", async () => {
  const sink = new MemorySink();
  await sink.write(new Blob(["<script>"], { type: "text/html" }));

  assert.equal((await sink.finish()).type, "application/octet-stream");
});

Deno.test("MemorySink that was aborted holds nothing", async () => {
  const sink = new MemorySink();
  await sink.write(new Uint8Array(5));

  await sink.abort();

  assert.equal((await sink.finish()).size, 0);
});

Deno.test("openSink takes the place that the person picks, and the memory where there is none", async () => {
  const done: string[] = [];
  const writable = {
    write: (part: Uint8Array) => Promise.resolve(void done.push(`write ${part.length}`)),
    close: () => Promise.resolve(void done.push("close")),
    abort: () => Promise.reject(new TypeError("closed already")),
  };
  const handle = { createWritable: () => Promise.resolve(writable) };
  const cancelled = new DOMException("The user aborted a request", "AbortError");
  const denied = new DOMException("Must be handling a user gesture", "SecurityError");

  const onDisk = await withPicker(() => Promise.resolve(handle));
  await onDisk!.write(new Uint8Array(3));
  const file = await onDisk!.finish();
  await onDisk!.abort();
  const unwanted = await withPicker(() => Promise.reject(cancelled));
  const refused = await withPicker(() => Promise.reject(denied));
  const elsewhere = await openSink("a.txt");

  assert.deepEqual([file, done], [undefined, ["write 3", "close"]]);
  assert.equal(unwanted, undefined);
  assert.ok(refused instanceof MemorySink);
  assert.ok(elsewhere instanceof MemorySink);
});

Deno.test("openSink keeps what is on disk when a disk fills up, where parts are worth it", async () => {
  const part = new Uint8Array(3 * 1024 * 1024);
  for (const keepsParts of [true, false]) {
    const disk = new FakeFile(10 * 1024 * 1024);
    const sink = await withPicker(() => Promise.resolve(disk), { keepsParts });

    for (let written = 0; written < 3; written++) await sink!.write(part);
    await assert.rejects(sink!.write(part), /full/);

    if (keepsParts) assert.equal(await sink!.finish(), undefined);
    else await assert.rejects(sink!.finish(), /failed/);
    assert.equal(disk.size, keepsParts ? 2 * part.length : 0);
  }
});

/** A file on a disk of so many bytes: what was written is there when its stream was closed. */
class FakeFile {
  size = 0;
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  createWritable({ keepExistingData = false } = {}) {
    let at = 0;
    let size = keepExistingData ? this.size : 0;
    let isBroken = false;
    return Promise.resolve({
      write: (part: Uint8Array) => {
        isBroken = at + part.length > this.#capacity;
        if (isBroken) return Promise.reject(new DOMException("full", "QuotaExceededError"));
        at += part.length;
        size = Math.max(size, at);
        return Promise.resolve();
      },
      seek: (to: number) => Promise.resolve(void (at = to)),
      close: () => {
        if (isBroken) return Promise.reject(new TypeError("failed before"));
        this.size = size;
        return Promise.resolve();
      },
    });
  }
}

async function withPicker(showSaveFilePicker: () => Promise<unknown>, options?: SinkOptions) {
  Object.assign(globalThis, { showSaveFilePicker });
  try {
    return await openSink("a.txt", options);
  } finally {
    Reflect.deleteProperty(globalThis, "showSaveFilePicker");
  }
}
