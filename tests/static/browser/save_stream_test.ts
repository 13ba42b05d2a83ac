/** Files in the browser's hands: the parts come out as they went in. */
import assert from "node:assert/strict";
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

async function withPicker(showSaveFilePicker: () => Promise<unknown>) {
  Object.assign(globalThis, { showSaveFilePicker });
  try {
    return await openSink("a.txt");
  } finally {
    Reflect.deleteProperty(globalThis, "showSaveFilePicker");
  }
}
