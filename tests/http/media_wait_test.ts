/** Waiting for the media plane, not for ever. */
import assert from "node:assert/strict";
import { waitForMedia } from "../../src/http/media_wait.ts";
import { HttpError } from "../../src/http/problem.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("waitForMedia passes on what comes, and leaves no timer behind", async () => {
  const clock = new FakeClock();
  const fault = new Error("why");

  assert.equal(await waitForMedia(Promise.resolve(7), clock, "Cannot"), 7);
  await assert.rejects(waitForMedia(Promise.reject(fault), clock, "Cannot"), fault);

  assert.equal(clock.pending, 0);
});

Deno.test("waitForMedia gives up after 30 s with 504", async () => {
  const clock = new FakeClock();
  const pending = waitForMedia(new Promise(() => {}), clock, "Cannot count");

  clock.advance(29_999);
  assert.equal(clock.pending, 1);
  clock.advance(1);

  await assert.rejects(
    pending,
    (error) => error instanceof HttpError && error.status === 504 && /30 s/.test(error.message),
  );
});
