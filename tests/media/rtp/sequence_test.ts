/** Numbers that wrap. */
import assert from "node:assert/strict";
import { isNewer, seqDelta, timestampDelta } from "../../../src/media/rtp/sequence.ts";

Deno.test("seqDelta goes the shorter way round", () => {
  const table = [
    [1, 0, 1],
    [0, 1, -1],
    [0, 65_535, 1],
    [65_535, 0, -1],
    [5, 65_530, 11],
    [32_767, 0, 32_767],
    [32_768, 0, -32_768],
    [0, 32_768, -32_768],
    [7, 7, 0],
  ] as const;

  for (const [a, b, delta] of table) assert.equal(seqDelta(a, b), delta, `${a} - ${b}`);
});

Deno.test("isNewer holds across the wrap, and not of a number itself", () => {
  assert.ok(isNewer(0, 65_535));
  assert.ok(!isNewer(65_535, 0));
  assert.ok(!isNewer(9, 9));
});

Deno.test("timestampDelta goes the shorter way round", () => {
  const table = [
    [3_000, 0, 3_000],
    [0, 0xffffffff, 1],
    [0xffffffff, 0, -1],
    [0x80000000, 0, -0x80000000],
    [0x7fffffff, 0, 0x7fffffff],
  ] as const;

  for (const [a, b, delta] of table) assert.equal(timestampDelta(a, b), delta, `${a} - ${b}`);
});
