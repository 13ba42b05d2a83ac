/** The pauses between attempts: they grow, are bounded, are jittered, and heed the server. */
import assert from "node:assert/strict";
import {
  FIRST_PAUSE_MS,
  LONGEST_PAUSE_MS,
  pauseBeforeAttempt,
} from "../../src/protocol/reconnect.ts";

const most = { random: () => 1 };
const least = { random: () => 0 };

Deno.test("[CO9] pauseBeforeAttempt doubles from attempt to attempt", () => {
  const pauses = [1, 2, 3, 4].map((attempt) => pauseBeforeAttempt(attempt, most));

  assert.deepEqual(pauses, [1, 2, 4, 8].map((factor) => FIRST_PAUSE_MS * factor));
});

Deno.test("[CO9] pauseBeforeAttempt stops growing", () => {
  assert.equal(pauseBeforeAttempt(40, most), LONGEST_PAUSE_MS);
  assert.equal(pauseBeforeAttempt(2_000, most), LONGEST_PAUSE_MS);
});

Deno.test("[CO9] pauseBeforeAttempt leaves half of the pause to chance", () => {
  assert.equal(pauseBeforeAttempt(3, least), pauseBeforeAttempt(3, most) / 2);
});

Deno.test("[ER4] pauseBeforeAttempt is never shorter than the server asked, and still jittered", () => {
  assert.equal(pauseBeforeAttempt(1, { ...least, floorMs: 2_000 }), 2_000 + FIRST_PAUSE_MS / 2);
  assert.equal(pauseBeforeAttempt(1, { ...most, floorMs: 2_000 }), 2_000 + FIRST_PAUSE_MS);
});
