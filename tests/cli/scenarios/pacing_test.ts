/** Actions at a rate, or as many at once as is useful. */
import assert from "node:assert/strict";
import { systemClock } from "../../../src/base/mod.ts";
import { forEachPaced } from "../../../cli/scenarios/pacing.ts";

const signal = new AbortController().signal;
const items = Array.from({ length: 200 }, (_, index) => index);

Deno.test("forEachPaced does each thing once, a bounded number at a time", async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;

  await forEachPaced(items, async (item) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    done.push(item);
  }, { clock: systemClock, signal, perSecond: undefined });

  assert.deepEqual(done.toSorted((a, b) => a - b), items);
  assert.ok(most > 1 && most <= 64, `${most}`);
});

Deno.test("forEachPaced starts no more than the rate allows", async () => {
  const startedAt = systemClock.elapsed();

  await forEachPaced(items.slice(0, 20), () => Promise.resolve(), {
    clock: systemClock,
    signal,
    perSecond: 200,
  });

  assert.ok(systemClock.elapsed() - startedAt >= 19 / 200 * 1_000 - 2);
});

Deno.test("forEachPaced rejects with what an action rejects with", async () => {
  await assert.rejects(
    forEachPaced(items, () => Promise.reject(new RangeError("no")), {
      clock: systemClock,
      signal,
      perSecond: undefined,
    }),
    RangeError,
  );
});
