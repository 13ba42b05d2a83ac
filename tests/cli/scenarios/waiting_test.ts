/** Waits with a bound and a reason, on a clock that stands still until it is moved. */
import assert from "node:assert/strict";
import { Interrupted, pause, Stalled, waitUntil } from "../../../cli/scenarios/waiting.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("pause resolves after its time and leaves no timer", async () => {
  const clock = new FakeClock();
  const done = pause(50, { clock, signal: new AbortController().signal });

  clock.advance(50);

  await done;
  assert.equal(clock.pending, 0);
});

Deno.test("pause rejects when it is interrupted, before and meanwhile", async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const meanwhile = pause(50, { clock, signal: controller.signal });

  controller.abort();

  await assert.rejects(meanwhile, Interrupted);
  await assert.rejects(pause(50, { clock, signal: controller.signal }), Interrupted);
  assert.equal(clock.pending, 0);
});

Deno.test("waitUntil resolves when there is no reason to wait", async () => {
  const { options, run } = setUp();
  let looks = 0;

  await run(waitUntil(() => ++looks < 4 ? `look ${looks}` : undefined, options));

  assert.equal(looks, 4);
});

Deno.test("waitUntil rejects with its reason when nothing moves", async () => {
  const { options, run, clock } = setUp();

  await assert.rejects(run(waitUntil(() => "ann lacks a message", options)), (error) => {
    assert.ok(error instanceof Stalled);
    assert.equal(error.message, "ann lacks a message");
    return true;
  });
  assert.ok(clock.elapsed() >= 100 && clock.elapsed() < 120);
});

Deno.test("waitUntil waits on while something moves", async () => {
  const { options, run, clock } = setUp();
  const activity = () => Math.min(clock.elapsed(), 300);

  await assert.rejects(run(waitUntil(() => "the same", { ...options, activity })), Stalled);

  assert.ok(clock.elapsed() >= 400, `${clock.elapsed()}`);
});

/** A clock that goes on by itself while `run` waits. */
function setUp() {
  const clock = new FakeClock();
  const options = { clock, signal: new AbortController().signal, timeoutMs: 100 };
  const run = async <T>(work: Promise<T>): Promise<T> => {
    let isDone = false;
    const settled = work.finally(() => isDone = true);
    settled.catch(() => {}); // The caller awaits it below.
    for (let turn = 0; turn < 1_000 && !isDone; turn++) {
      clock.advance(5);
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
    return await settled;
  };
  return { clock, options, run };
}
