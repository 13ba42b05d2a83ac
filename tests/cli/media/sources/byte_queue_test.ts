/** Bytes in pieces. */
import assert from "node:assert/strict";
import { ByteQueue } from "../../../../cli/media/sources/byte_queue.ts";

Deno.test("ByteQueue gives in other pieces what it was given, and no more than there is", () => {
  const queue = new ByteQueue();
  const all = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
  const got: number[] = [];
  for (let at = 0; at < all.length; at += 70_000) {
    queue.add(all.subarray(at, at + 70_000));
    for (let piece = queue.take(999); piece !== undefined; piece = queue.take(999)) {
      got.push(...piece);
    }
  }
  got.push(...queue.take(queue.length)!);

  assert.deepEqual(Uint8Array.from(got), all);
  assert.equal(queue.take(1), undefined);
  assert.equal(queue.peek(1), undefined);
});

Deno.test("ByteQueue.find finds what stands within, from where it is told", () => {
  const queue = new ByteQueue();
  queue.add(Uint8Array.of(9, 1, 2, 1, 2));

  assert.equal(queue.find([1, 2]), 1);
  assert.equal(queue.find([1, 2], 2), 3);
  assert.equal(queue.find([2, 9]), -1);
  queue.take(2);
  assert.equal(queue.find([1, 2]), 1);
});
