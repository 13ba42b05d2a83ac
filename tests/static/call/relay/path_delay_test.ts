/** How long what is sent waits on its way. */
import assert from "node:assert/strict";
import type { ServerMessage } from "../../../../src/protocol/mod.ts";
import { MEMORY_MS, PathDelay, PING_MS } from "../../../../static/call/relay/path_delay.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

function setUp() {
  const clock = new FakeClock();
  const pings: number[] = [];
  const delay = new PathDelay({
    clock,
    send: (message) => message.type === "ping" && pings.push(message.at) > 0,
  });
  const answer = (afterMs: number) => {
    clock.advance(afterMs);
    delay.receive({ type: "pong", at: pings.at(-1)! } as ServerMessage);
  };
  /** A whole period, and an answer that takes so long. */
  const round = (ms: number) => {
    answer(ms);
    clock.advance((PING_MS - ms % PING_MS) % PING_MS || PING_MS);
  };
  return { clock, pings, delay, answer, round };
}

Deno.test("[PI1] PathDelay asks now and then, one ping at a time, and only while it is to", () => {
  const { clock, pings, delay, answer } = setUp();

  clock.advance(5_000);
  delay.setActive(true);
  clock.advance(10 * PING_MS);
  const unanswered = pings.length;
  answer(0);
  clock.advance(PING_MS);
  delay.setActive(false);
  clock.advance(10 * PING_MS);

  assert.deepEqual([unanswered, pings.length, clock.pending], [1, 2, 0]);
  assert.ok(pings.every((at) => at < 0), "no ping of the session itself");
});

Deno.test("PathDelay says how much longer than the quickest a round trip took", () => {
  const { delay, round } = setUp();
  delay.setActive(true);
  round(40);
  const first = delay.extraMs;

  round(240);

  assert.deepEqual([first, delay.extraMs], [0, 200]);
});

Deno.test("PathDelay does not wait for a pong to say that it takes long", () => {
  const { clock, delay, round } = setUp();
  delay.setActive(true);
  round(40);

  clock.advance(3_000);

  assert.equal(delay.extraMs, 3_000 - 40);
});

Deno.test("PathDelay forgets the quickest round trip of a path that is another one by now", () => {
  const { delay, round } = setUp();
  delay.setActive(true);
  round(10);

  for (let ms = 0; ms <= MEMORY_MS; ms += PING_MS) round(310);

  assert.equal(delay.extraMs, 0);
});

Deno.test("[RE4] PathDelay waits for no pong of a socket that is gone", () => {
  const { clock, pings, delay } = setUp();
  delay.setActive(true);
  clock.advance(5_000);

  delay.receive({ type: "resumed", missed: 0, lastSeq: 0 } as ServerMessage);
  const after = delay.extraMs;
  clock.advance(PING_MS);

  assert.deepEqual([after, pings.length], [0, 2]);
});
