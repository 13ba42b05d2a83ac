/** Latencies with their blocks: bounded, in order, and the same after a trip through a file. */
import assert from "node:assert/strict";
import { blocksFromText, blocksToText, Latency, MAX_BLOCKS } from "../../../cli/measure/latency.ts";

Deno.test("Latency keeps neighbours in one block and the number of blocks bounded", () => {
  const latency = new Latency();
  for (let index = 0; index < 100_000; index++) latency.record(index / 1_000);

  const { blocks } = latency;
  const counts = blocks.map((block) => block.reduce((sum, [, count]) => sum + count, 0));
  assert.ok(blocks.length > MAX_BLOCKS / 2 - 1 && blocks.length <= MAX_BLOCKS, `${blocks.length}`);
  assert.equal(new Set(counts).size, 1, `${counts}`);
  assert.ok(counts.reduce((sum, count) => sum + count, 0) > 95_000);
  // Ascending values: what a block begins with is never below what the one before began with.
  const firsts = blocks.map((block) => block[0]![0]);
  assert.deepEqual(firsts, firsts.toSorted((a, b) => a - b));
  assert.equal(latency.count, 100_000);
});

Deno.test("Latency has no block of too few", () => {
  const latency = new Latency();
  for (let index = 0; index < 15; index++) latency.record(1);

  assert.deepEqual(latency.blocks, []);
});

Deno.test("blocksFromText reads what blocksToText wrote, and nothing else", () => {
  const blocks = [[[3, 4], [900, 1]], [[5, 16]]] as const;

  assert.deepEqual(blocksFromText(blocksToText(blocks)), blocks);
  for (const bad of [undefined, "3:4", [""], ["3"], ["3:x"], ["99999:1"], [7]]) {
    assert.equal(blocksFromText(bad), undefined, JSON.stringify(bad));
  }
});
