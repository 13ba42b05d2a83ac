/** The budget of wrong guesses, on a clock that stands still, and what guessing then takes. */
import assert from "node:assert/strict";
import { ALL_GUESSES, GuessThrottle, NETWORK_GUESSES } from "../../src/access/mod.ts";
import { ProtocolError } from "../../src/protocol/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";

const CODES = 1_000_000;
const OPEN_ROOMS = 100;

/** How long to wait before the next guess; 0: it was let through and counted. */
function guess(throttle: GuessThrottle, network: string): number {
  try {
    throttle.count(network, "Cannot join");
    return 0;
  } catch (error) {
    assert.ok(error instanceof ProtocolError && error.code === "rate-limited");
    return error.retryAfterMs!;
  }
}

Deno.test("[TH5] GuessThrottle can count for each network alone, and names what is guessed", () => {
  const throttle = new GuessThrottle(new FakeClock(), {
    guesses: "wrong tokens",
    everybody: undefined,
  });

  // Twice what everybody has together where there is such a budget.
  for (let n = 0; n < 2 * ALL_GUESSES.burst; n++) throttle.count(`192.0.2.${n}`, "Cannot end");
  for (let n = 1; n < NETWORK_GUESSES.burst; n++) throttle.count("192.0.2.0", "Cannot end");

  assert.throws(
    () => throttle.refuseBeyond("192.0.2.0", "Cannot end"),
    (error) =>
      error instanceof ProtocolError && error.message === "Cannot end: too many wrong tokens",
  );
  throttle.refuseBeyond("198.51.100.1", "Cannot end");
});

Deno.test("[TH1] GuessThrottle lets a network be wrong ten times, then once in ten seconds", () => {
  const clock = new FakeClock();
  const throttle = new GuessThrottle(clock);

  for (let n = 0; n < 10; n++) assert.equal(guess(throttle, "192.0.2.1"), 0);
  assert.equal(guess(throttle, "192.0.2.1"), 10_000);
  assert.equal(guess(throttle, "192.0.2.2"), 0);
  clock.advance(10_000);
  assert.deepEqual([guess(throttle, "192.0.2.1"), guess(throttle, "192.0.2.1")], [0, 10_000]);
});

Deno.test("[TH1] GuessThrottle bounds all networks together, each of them fresh", () => {
  const clock = new FakeClock();
  const throttle = new GuessThrottle(clock);

  for (let n = 0; n < 60; n++) assert.equal(guess(throttle, `192.0.2.${n}`), 0);
  assert.equal(guess(throttle, "198.51.100.1"), 2_000);
  clock.advance(2_000);
  assert.equal(guess(throttle, "198.51.100.1"), 0);
});

Deno.test("[TH2] GuessThrottle.refuseBeyond refuses before anything is counted", () => {
  const clock = new FakeClock();
  const throttle = new GuessThrottle(clock);
  for (let n = 0; n < 100; n++) throttle.refuseBeyond("192.0.2.1", "Cannot join");
  for (let n = 0; n < 10; n++) throttle.count("192.0.2.1", "Cannot join");

  assert.throws(() => throttle.refuseBeyond("192.0.2.1", "Cannot join"), /too many wrong codes/);
});

Deno.test("[TH4] GuessThrottle.takeBack makes a right guess free", () => {
  const throttle = new GuessThrottle(new FakeClock());

  for (let n = 0; n < 200; n++) {
    assert.equal(guess(throttle, "192.0.2.1"), 0);
    throttle.takeBack("192.0.2.1");
  }
});

Deno.test("[TH1] GuessThrottle remembers a bounded number of networks, the wrong ones longest", () => {
  const clock = new FakeClock();
  const throttle = new GuessThrottle(clock);
  for (let n = 0; n < 10_100; n++) {
    clock.advance(2_000);
    assert.equal(guess(throttle, `2001:db8:0:${n.toString(16)}::/64`), 0);
  }

  assert.ok(throttle.size <= 10_000, `${throttle.size}`);
});

for (
  const [who, networks, { perSecond, burst }] of [
    ["one network", 1, NETWORK_GUESSES],
    ["a thousand networks", 1_000, ALL_GUESSES],
  ] as const
) {
  Deno.test(`[TH3] GuessThrottle holds ${who} to the stated time to find one of 100 rooms`, () => {
    const stated = ((CODES + 1) / (OPEN_ROOMS + 1) - burst) / perSecond;
    const times: number[] = [];
    for (let trial = 0; trial < 400; trial++) {
      const random = generator(trial + 1);
      // The best strategy: each code once. Where the first of the open rooms lies is what counts.
      const first = Math.min(...Array.from({ length: OPEN_ROOMS }, () => random() * CODES | 0)) + 1;
      // Waiting through every guess of every trial says no more than some of them in full.
      times.push(trial < 3 ? guessUntil(first, networks) : Math.max(0, first - burst) / perSecond);
    }

    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    assert.ok(Math.abs(mean / stated - 1) < 0.15, `${mean} s found, ${stated} s stated`);
    const hours = Math.round(stated / 360) / 10;
    assert.equal(hours, networks === 1 ? 27.5 : 5.5);
  });
}

/** Seconds until `count` wrong guesses went through, from as many networks, as fast as it goes. */
function guessUntil(count: number, networks: number): number {
  const clock = new FakeClock();
  const throttle = new GuessThrottle(clock);
  const { perSecond, burst } = networks === 1 ? NETWORK_GUESSES : ALL_GUESSES;
  for (let done = 0; done < count;) {
    const waitMs = guess(throttle, `net-${done % networks}`);
    if (waitMs === 0) done++;
    else clock.advance(waitMs);
  }
  const seconds = clock.elapsed() / 1000;
  assert.ok(seconds >= (count - burst) / perSecond - 1, `${count} guesses in ${seconds} s`);
  return seconds;
}

/** A small generator that repeats itself: mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6D2B79F5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
