/** One thing after the other. */
import assert from "node:assert/strict";
import { SerialQueue } from "../../../static/call/serial_queue.ts";

Deno.test("SerialQueue.run starts a task when the one before is over", async () => {
  const { queue } = setUp();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();

  const first = queue.run(async () => {
    log.push("first begins");
    await gate.promise;
    log.push("first ends");
  });
  const second = queue.run(() => {
    log.push("second");
  });
  await Promise.resolve();
  gate.resolve();
  await Promise.all([first, second]);

  assert.deepEqual(log, ["first begins", "first ends", "second"]);
});

Deno.test("SerialQueue.run tells of a task that fails, and goes on", async () => {
  const { queue, faults } = setUp();
  const log: string[] = [];

  await queue.run(() => Promise.reject(new Error("one")));
  await queue.run(() => {
    throw new Error("two");
  });
  await queue.run(() => {
    log.push("three");
  });

  assert.deepEqual(faults.map((fault) => (fault as Error).message), ["one", "two"]);
  assert.deepEqual(log, ["three"]);
});

Deno.test("SerialQueue.close forgets what waits, and how that under way ends", async () => {
  const { queue, faults } = setUp();
  const gate = Promise.withResolvers<void>();
  const log: string[] = [];
  const under = queue.run(() => gate.promise);
  const waiting = queue.run(() => {
    log.push("ran");
  });
  await Promise.resolve();

  queue.close();
  queue.close();
  gate.reject(new Error("closed under it"));
  await Promise.all([under, waiting, queue.run(() => void log.push("late"))]);

  assert.deepEqual([log, faults], [[], []]);
});

function setUp() {
  const faults: unknown[] = [];
  return { faults, queue: new SerialQueue((fault) => faults.push(fault)) };
}
