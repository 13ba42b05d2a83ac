/** When what came over the socket is due. */
import assert from "node:assert/strict";
import { LEAST_DELAY_MS, MOST_DELAY_MS, Playout } from "../../../../static/call/relay/playout.ts";

Deno.test("Playout holds everything back by one delay, whatever it is and however it came", () => {
  const playout = new Playout();

  playout.came(1_000_000, 5_000);
  playout.came(1_020_000, 5_025);

  assert.equal(playout.dueAt(1_000_000), 5_000 + LEAST_DELAY_MS);
  assert.equal(playout.dueAt(1_020_000), 5_020 + LEAST_DELAY_MS);
});

Deno.test("Playout waits longer once something came late, and by and by less again", () => {
  const playout = new Playout();
  playout.came(0, 1_000);

  playout.came(20_000, 1_320);
  const late = playout.delayMs;
  for (let n = 2; n < 3_000; n++) playout.came(n * 20_000, 1_000 + n * 20);

  assert.equal(late, 300 + LEAST_DELAY_MS / 2);
  assert.equal(playout.delayMs, LEAST_DELAY_MS);
});

Deno.test("Playout waits longer for what was late only when it was decoded", () => {
  const playout = new Playout();
  playout.came(0, 1_000);

  playout.late(50);
  playout.late(2 * MOST_DELAY_MS);

  assert.equal(playout.delayMs, MOST_DELAY_MS);
});

Deno.test("Playout follows a source that began anew with another clock", () => {
  const playout = new Playout();
  playout.came(60_000_000, 61_000);

  playout.came(0, 62_000);

  assert.equal(playout.dueAt(0), 62_000 + playout.delayMs);
  assert.ok(playout.delayMs <= MOST_DELAY_MS);
});
