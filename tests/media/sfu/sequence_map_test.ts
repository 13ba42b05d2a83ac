/** Numbers of a slot follow each other though sources change and packets are left out. */
import assert from "node:assert/strict";
import { SequenceMap } from "../../../src/media/sfu/sequence_map.ts";

Deno.test("SequenceMap goes on where the source before ended", () => {
  const map = new SequenceMap(99);

  map.restart(5_000);
  assert.deepEqual([5_000, 5_001, 5_002].map((n) => map.map(n)), [100, 101, 102]);
  map.restart(7);
  assert.deepEqual([7, 8].map((n) => map.map(n)), [103, 104]);
  assert.equal(map.last, 104);
});

Deno.test("SequenceMap keeps the gaps of a source, so that what is missing can be asked for", () => {
  const map = new SequenceMap(0);

  map.restart(10);
  assert.deepEqual([10, 13, 11].map((n) => map.map(n)), [1, 4, 2]);
});

Deno.test("SequenceMap closes the gap of what is left out", () => {
  const map = new SequenceMap(0);

  map.restart(10);
  assert.equal(map.map(10), 1);
  map.drop(11);
  map.drop(12);
  assert.equal(map.map(13), 2);
  map.drop(14);
  assert.equal(map.map(15), 3);
});

Deno.test("SequenceMap gives a late packet the number that was kept for it", () => {
  const map = new SequenceMap(0);

  map.restart(10);
  map.map(10);
  map.map(12);
  map.drop(13);
  map.map(14);
  map.drop(15);
  map.map(16);

  assert.equal(map.map(11), 2);
  assert.equal(map.last, 5);
});

Deno.test("SequenceMap goes round with 16 bits, its own and the source's", () => {
  const map = new SequenceMap(65_534);

  map.restart(65_535);
  assert.deepEqual([65_535, 0, 1].map((n) => map.map(n)), [65_535, 0, 1]);
  map.drop(2);
  assert.equal(map.map(3), 2);
});

Deno.test("SequenceMap refuses what is from before the source, or much too late", () => {
  const map = new SequenceMap(0);

  assert.equal(map.map(1), -1);
  map.restart(100);
  assert.equal(map.map(99), -1);
  for (let n = 100; n < 5_000; n++) map.map(n);
  assert.equal(map.map(3_000), -1);
  assert.equal(map.map(4_500), 4_401);
});

Deno.test("SequenceMap drops of what has passed already change nothing", () => {
  const map = new SequenceMap(0);

  map.restart(1);
  map.map(1);
  map.map(3);
  map.drop(2);
  map.drop(3);

  assert.equal(map.map(4), 4);
});

Deno.test("SequenceMap never gives one number to two packets, whatever is dropped and late", () => {
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const map = new SequenceMap(60_000);
  map.restart(65_000);
  const given = new Map<number, number>();
  let late: number[] = [];
  for (let n = 0; n < 20_000; n++) {
    const source = (65_000 + n) & 0xffff;
    if (random() < 0.3) map.drop(source);
    else if (n < 19_900 && random() < 0.05) late.push(n);
    else given.set(n, map.map(source));
    for (const one of late.filter((m) => n - m > 20)) {
      given.set(one, map.map((65_000 + one) & 0xffff));
    }
    late = late.filter((m) => n - m <= 20);
  }
  const recent = [...given].sort(([one], [other]) => one - other);
  const numbers = recent.map(([, number]) => number);
  assert.ok(numbers.every((number) => number >= 0));
  for (let n = 1; n < numbers.length; n++) {
    assert.equal((numbers[n]! - numbers[n - 1]!) & 0xffff, 1, `after packet ${recent[n]![0]}`);
  }
});
