/** The machine's clock: calls when it said, and not after it was cancelled. */
import assert from "node:assert/strict";
import { systemClock } from "../../src/base/mod.ts";

Deno.test("systemClock.now is the time since the Unix epoch in whole milliseconds", () => {
  const before = Date.now();

  const now = systemClock.now();

  assert.ok(Number.isInteger(now));
  assert.ok(before <= now && now <= Date.now());
});

Deno.test("systemClock.elapsed never goes back", () => {
  let last = systemClock.elapsed();
  for (let count = 0; count < 10_000; count++) {
    const elapsed = systemClock.elapsed();
    assert.ok(elapsed >= last);
    last = elapsed;
  }
});

Deno.test("systemClock.after calls once, not before its delay", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const startedAt = performance.now();

  systemClock.after(20, () => resolve(performance.now() - startedAt));

  // Timers count whole milliseconds: one may fire a fraction of one early.
  assert.ok(await promise >= 19);
});

Deno.test("systemClock.after does not call once it is cancelled", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const cancel = systemClock.after(1, () => resolve("cancelled"));

  cancel();
  cancel();
  systemClock.after(5, () => resolve("the later one"));

  assert.equal(await promise, "the later one");
});

Deno.test("systemClock.every calls again and again until it is cancelled", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let calls = 0;
  const cancel = systemClock.every(1, () => {
    if (++calls === 3) resolve();
  });

  await promise;
  cancel();
  cancel();

  assert.equal(calls, 3);
});

Deno.test("systemClock.afterTurn calls after every promise that is ready", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const calls: string[] = [];
  systemClock.afterTurn(() => {
    calls.push("end of turn");
    resolve();
  });

  await Promise.resolve();
  await Promise.resolve();
  calls.push("promises");
  await promise;

  assert.deepEqual(calls, ["promises", "end of turn"]);
});

Deno.test("systemClock.afterTurn does not call once it is cancelled", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const cancel = systemClock.afterTurn(() => resolve("cancelled"));

  cancel();
  cancel();
  systemClock.afterTurn(() => resolve("the later one"));

  assert.equal(await promise, "the later one");
});
