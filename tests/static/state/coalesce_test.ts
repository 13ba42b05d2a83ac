/** Many changes, few pictures. */
import assert from "node:assert/strict";
import { Coalesce } from "../../../static/state/coalesce.ts";
import { FakeClock } from "../../support/fake_clock.ts";

Deno.test("Coalesce runs once for all touches of a period, and again for the next", () => {
  const { clock, coalesce, state } = setUp();

  for (let count = 0; count < 100; count++) coalesce.touch();
  const during = state.runs;
  clock.advance(50);
  const first = state.runs;
  coalesce.touch();
  clock.advance(50);

  assert.deepEqual([during, first, state.runs], [0, 1, 2]);
});

Deno.test("Coalesce.close forgets what waits", () => {
  const { clock, coalesce, state } = setUp();

  coalesce.touch();
  coalesce.close();
  clock.advance(1_000);

  assert.equal(state.runs, 0);
  assert.equal(clock.pending, 0);
});

function setUp() {
  const clock = new FakeClock();
  const state = { runs: 0 };
  const coalesce = new Coalesce(clock, { periodMs: 50, run: () => state.runs++ });
  return { clock, coalesce, state };
}
