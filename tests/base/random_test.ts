/** Randomness: in bounds, without bias, in the alphabet of ids. */
import assert from "node:assert/strict";
import { systemRandom } from "../../src/base/mod.ts";

const TWO_TO_32 = 2 ** 32;

Deno.test("systemRandom.below stays from 0 up to, not including, its end", () => {
  for (const end of [1, 2, 3, 7, 10, 1_000_000, TWO_TO_32 - 1, TWO_TO_32]) {
    for (let count = 0; count < 200; count++) {
      const value = systemRandom.below(end);
      assert.ok(Number.isInteger(value) && value >= 0 && value < end, `${value} of ${end}`);
    }
  }
});

Deno.test("systemRandom.below reaches every number of a small range about equally", () => {
  const draws = 6_000;
  const counts = new Array<number>(6).fill(0);
  for (let count = 0; count < draws; count++) counts[systemRandom.below(6)]! += 1;

  // Seven standard deviations: a fair source fails this once in 10^11 runs.
  const expected = draws / 6;
  const tolerance = 7 * Math.sqrt(draws * (1 / 6) * (5 / 6));
  for (const count of counts) assert.ok(Math.abs(count - expected) < tolerance, `${counts}`);
});

Deno.test("systemRandom.below draws again where a remainder would favour small numbers", () => {
  const limit = TWO_TO_32 - (TWO_TO_32 % 10);

  const { result, draws } = withWords([TWO_TO_32 - 1, limit, 17], () => systemRandom.below(10));

  assert.deepEqual({ result, draws }, { result: 7, draws: 3 });
});

Deno.test("systemRandom.below takes the last word that is without bias, and every word of 2^32", () => {
  const limit = TWO_TO_32 - (TWO_TO_32 % 10);

  assert.deepEqual(withWords([limit - 1], () => systemRandom.below(10)), { result: 9, draws: 1 });
  assert.deepEqual(
    withWords([TWO_TO_32 - 1], () => systemRandom.below(TWO_TO_32)),
    { result: TWO_TO_32 - 1, draws: 1 },
  );
});

Deno.test("systemRandom.below refuses an end that no draw can honour", () => {
  for (const end of [0, -1, 0.5, 1.5, NaN, Infinity, TWO_TO_32 + 1]) {
    assert.throws(() => systemRandom.below(end), RangeError, String(end));
  }
});

Deno.test("systemRandom.id has the asked length in a url-safe alphabet", () => {
  for (const length of [0, 1, 12, 64, 1_000]) {
    assert.match(systemRandom.id(length), RegExp(`^[A-Za-z0-9_-]{${length}}$`));
  }
});

Deno.test("systemRandom.id uses all 64 characters of its alphabet", () => {
  // A given character is missing with probability (63/64)^65536, about 10^-448.
  assert.equal(new Set(systemRandom.id(65_536)).size, 64);
});

Deno.test("systemRandom.id does not repeat itself", () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => systemRandom.id(12)));

  assert.equal(ids.size, 10_000);
});

/** Runs `draw` while the system's source yields `words`, and puts the source back. */
function withWords(words: number[], draw: () => number): { result: number; draws: number } {
  const original = crypto.getRandomValues;
  let draws = 0;
  crypto.getRandomValues = (<T extends ArrayBufferView | null>(array: T): T => {
    (array as unknown as Uint32Array)[0] = words[draws++]!; // below() passes a Uint32Array.
    return array;
  }) as typeof crypto.getRandomValues;
  try {
    return { result: draw(), draws };
  } finally {
    crypto.getRandomValues = original;
  }
}
