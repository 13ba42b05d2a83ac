/** What a program said last, however much it said before. */
import assert from "node:assert/strict";
import { LastLines } from "../../../src/media/host/last_lines.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("LastLines keeps the end of what was said, on one line", async () => {
  const lines = new LastLines(ReadableStream.from([bytes("one\ntw"), bytes("o\n  three\n")]));
  await lines.ended;

  assert.equal(lines.text, "one | two | three");
});

Deno.test("LastLines is empty where nothing was said", async () => {
  const lines = new LastLines(ReadableStream.from([bytes("\n \n")]));
  await lines.ended;

  assert.equal(lines.text, "");
});

Deno.test("LastLines holds no more than the end of a flood, and characters that were cut in two", async () => {
  const flood = Array.from({ length: 1_000 }, () => bytes("x".repeat(1_000)));
  const euro = [...bytes("€")].map((byte) => new Uint8Array([byte]));
  const lines = new LastLines(ReadableStream.from([...flood, bytes("\nthe "), ...euro]));
  await lines.ended;

  assert.ok(lines.text.length < 700, `${lines.text.length}`);
  assert.match(lines.text, /x \| the €$/);
});

Deno.test("LastLines takes a stream that breaks for one that has ended", async () => {
  const lines = new LastLines(
    new ReadableStream({
      start(controller) {
        controller.enqueue(bytes("last words"));
      },
      pull: (controller) => controller.error(new Error("broken")),
    }),
  );
  await lines.ended;

  assert.match(lines.text, /^(last words)?$/);
});
