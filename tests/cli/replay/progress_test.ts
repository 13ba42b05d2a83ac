/** Waiting for what a connection receives, and giving up where nothing moves any more. */
import assert from "node:assert/strict";
import { ReplayProgress } from "../../../cli/replay/progress.ts";
import type { ScriptedConnection } from "../../../cli/replay/script.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("ReplayProgress.reached resolves with the count, or with the end", async () => {
  const { progress, ann, bob, clock } = make();
  const order: string[] = [];
  const waits = [
    progress.reached(ann, 2, 1).then(() => order.push("ann")),
    progress.reached(bob, 5, 2).then(() => order.push("bob")),
  ];

  progress.came(ann);
  await Promise.resolve();
  assert.deepEqual(order, []);
  progress.came(ann);
  progress.over(bob);
  await Promise.all(waits);
  await progress.reached(ann, 2, 3);
  progress.close();

  assert.deepEqual(order, ["ann", "bob"]);
  assert.equal(progress.givenUp, 0);
  assert.equal(clock.pending, 0);
});

Deno.test("ReplayProgress gives up the first line where nothing moves, and all if that is no help", async () => {
  const { progress, ann, bob, clock } = make();
  const first = progress.reached(ann, 1, 10);
  let isLater = false;
  const later = progress.reached(bob, 1, 20).then(() => isLater = true);

  clock.advance(1_000);
  await first;
  assert.deepEqual([progress.givenUp, isLater], [1, false]);
  clock.advance(1_000);
  await later;

  assert.equal(progress.givenUp, 2);
  progress.close();
});

Deno.test("ReplayProgress counts a message that never came but once", async () => {
  const { progress, ann, clock } = make();
  const missing = progress.reached(ann, 1, 10);
  clock.advance(1_000);
  await missing;

  progress.came(ann);

  await progress.reached(ann, 2, 11);
  progress.close();
});

Deno.test("ReplayProgress is patient while somebody waits for the time", async () => {
  const { progress, ann, clock } = make();
  const { promise: sleep, resolve: wakeUp } = Promise.withResolvers<void>();
  const sleeping = progress.during(sleep);
  const waiting = progress.reached(ann, 1, 10);

  clock.advance(10_000);
  assert.equal(progress.givenUp, 0);
  wakeUp();
  await sleeping;
  clock.advance(1_000);
  await waiting;

  assert.equal(progress.givenUp, 1);
  progress.close();
});

Deno.test("ReplayProgress.close lets everybody go", async () => {
  const { progress, ann, clock } = make();
  const waiting = progress.reached(ann, 1, 10);

  progress.close();
  await waiting;

  assert.equal(clock.pending, 0);
});

function make() {
  const clock = new FakeClock();
  const connection = (user: string): ScriptedConnection => ({
    user,
    actions: [],
    received: [],
    isOpened: true,
  });
  return {
    clock,
    progress: new ReplayProgress(clock, 1_000),
    ann: connection("ann"),
    bob: connection("bob"),
  };
}
