/** Lines from a pipe, however it cuts them. */
import assert from "node:assert/strict";
import { readLines } from "../../../cli/repl/piped_lines.ts";

Deno.test("readLines gives whole lines across pieces, line ends and characters", async () => {
  const bytes = new TextEncoder().encode("join ann r\r\nchat früh\n\nquit");

  for (const size of [1, 2, 3, 7, 100]) {
    assert.deepEqual(await linesOf(bytes, size), ["join ann r", "chat früh", "", "quit"]);
  }
});

Deno.test("readLines gives nothing for nothing", async () => {
  assert.deepEqual(await linesOf(new Uint8Array(), 1), []);
});

Deno.test("readLines refuses a line without end", async () => {
  await assert.rejects(linesOf(new Uint8Array(2_000_000).fill(65), 65_536), RangeError);
});

async function linesOf(bytes: Uint8Array, size: number): Promise<string[]> {
  const pieces = ReadableStream.from((function* () {
    for (let from = 0; from < bytes.length; from += size) yield bytes.slice(from, from + size);
  })());
  return await Array.fromAsync(readLines(pieces));
}
