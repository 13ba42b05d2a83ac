/** Which chunks say what became of packets. */
import assert from "node:assert/strict";
import { maxChunkBytes, writeStatusChunks } from "../../../src/media/rtp/status_chunks.ts";
import { hex } from "./hex.ts";

Deno.test("writeStatusChunks takes runs where they are long, and vectors elsewhere", () => {
  const table: Record<string, readonly [number[], string]> = {
    "nothing": [[], ""],
    "a single arrival": [[1], "2001"],
    "a long run": [Array(8_191).fill(1), "3fff"],
    "a run longer than a chunk": [Array(8_192).fill(0), "1fff 0001"],
    "a run of large deltas": [[...Array(7).fill(2), 0], "4007 0001"],
    // The example of section 3.1.4.
    "one bit each": [[0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0], "9f1c"],
    "one bit each, filled up": [[0, 1], "9000"],
    "two bits each": [[1, 0, 2, 1, 0, 0, 0], "d240"],
    "two bits each, filled up": [[0, 2], "c800"],
    "a short run of small deltas, then others": [[...Array(10).fill(1), 0], "bff0"],
    "a short run of small deltas, then a large one": [[...Array(10).fill(1), 2], "200a 4001"],
  };

  for (const [what, [symbols, expected]] of Object.entries(table)) {
    const target = new Uint8Array(100);
    const input = { symbols: Uint8Array.from(symbols), count: symbols.length };
    const end = writeStatusChunks(target, 3, input);
    assert.deepEqual(target.slice(3, end), hex(expected), what);
  }
});

Deno.test("writeStatusChunks never takes more than maxChunkBytes says", () => {
  // The worst there is: runs one too short, with large deltas between them.
  for (let count = 0; count < 200; count++) {
    const symbols = Uint8Array.from({ length: count }, (_, index) => index % 7 === 0 ? 2 : 1);
    const end = writeStatusChunks(new Uint8Array(1_000), 0, { symbols, count });
    assert.ok(end <= maxChunkBytes(count), `${count} packets`);
  }
});

Deno.test("writeStatusChunks looks at no symbol beyond the count", () => {
  const target = new Uint8Array(10);

  const end = writeStatusChunks(target, 0, { symbols: Uint8Array.from([0, 1, 2, 2]), count: 2 });

  assert.deepEqual(target.slice(0, end), hex("9000"));
});
