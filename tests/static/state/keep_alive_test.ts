/** The round trip, and the connection that died without a word. */
import assert from "node:assert/strict";
import { KeepAlive, SECOND_PING_MS, SILENT_PERIODS } from "../../../static/state/keep_alive.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const PERIOD_MS = 5_000;

Deno.test("[PI1] KeepAlive pings at once, soon again, then once a period", () => {
  const { clock, keepAlive, pings } = setUp();

  const times = [pings.length];
  for (const ms of [SECOND_PING_MS, PERIOD_MS, PERIOD_MS]) {
    clock.advance(ms);
    keepAlive.receivePong(pings.at(-1)!);
    times.push(pings.length);
  }

  assert.deepEqual(times, [1, 2, 3, 4]);
});

Deno.test("KeepAlive measures the answer to its last ping and no other", () => {
  const { clock, keepAlive, pings, measured } = setUp();

  clock.advance(7.5);
  keepAlive.receivePong(pings[0]!);
  keepAlive.receivePong(pings[0]!);
  keepAlive.receivePong(12345);

  assert.deepEqual(measured, [7.5]);
});

Deno.test("KeepAlive calls a connection silent once, and stops", () => {
  const { clock, state } = setUp();

  clock.advance(SECOND_PING_MS + PERIOD_MS * (SILENT_PERIODS + 3));

  assert.equal(state.silent, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("KeepAlive does not call a slow connection silent", () => {
  const { clock, keepAlive, state } = setUp();

  for (let count = 0; count < 10; count++) {
    clock.advance(PERIOD_MS * (SILENT_PERIODS - 1));
    keepAlive.receivePong(-1);
  }

  assert.equal(state.silent, 0);
});

Deno.test("KeepAlive.close leaves no timer", () => {
  const { clock, keepAlive } = setUp();

  keepAlive.close();

  assert.equal(clock.pending, 0);
});

function setUp() {
  const clock = new FakeClock();
  const pings: number[] = [];
  const measured: number[] = [];
  const state = { silent: 0 };
  const keepAlive = new KeepAlive({
    clock,
    periodMs: PERIOD_MS,
    ping: (at) => pings.push(at),
    measured: (ms) => measured.push(ms),
    silent: () => state.silent++,
  });
  return { clock, keepAlive, pings, measured, state };
}
