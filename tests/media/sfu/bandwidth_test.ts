/** The estimate: down at once, up by trials with pauses between them. */
import assert from "node:assert/strict";
import {
  Bandwidth,
  FIRST_GROWTH,
  FIRST_TRIAL_MS,
  HELD_MS,
  LEAST_BITRATE,
  LONGEST_TRIAL_MS,
  type Sending,
  SETTLE_MS,
  START_BITRATE,
  TRIAL_MS,
} from "../../../src/media/sfu/bandwidth.ts";

const NEXT = 2_000_000;

Deno.test("Bandwidth begins with 1 Mbit/s, or what it is told, and never with nothing", () => {
  assert.equal(new Bandwidth().estimate, START_BITRATE);
  assert.equal(new Bandwidth(300_000).estimate, 300_000);
  assert.equal(new Bandwidth(0).estimate, LEAST_BITRATE);
});

Deno.test("Bandwidth.update tries nothing before it has heard anything", () => {
  const { bandwidth, update } = setUp();

  assert.equal(update(1_000), START_BITRATE);
  bandwidth.loss(0, 100);
  assert.equal(update(1_200), NEXT);
});

Deno.test("Bandwidth.update tries what is next, and further before anything was too much", () => {
  const { bandwidth, update } = setUp();
  bandwidth.loss(0, 100);

  assert.equal(update(0, { next: 1_100_000 }), START_BITRATE * FIRST_GROWTH);
  assert.equal(update(FIRST_TRIAL_MS - 1, { next: 9_000_000 }), 1_500_000);
  assert.equal(update(FIRST_TRIAL_MS, { next: 9_000_000 }), 9_000_000);
});

Deno.test("Bandwidth.update tries nothing when nothing more is wanted, or it is within the estimate", () => {
  const { bandwidth, update } = setUp();
  bandwidth.loss(0, 100);

  assert.equal(update(0, { next: undefined }), START_BITRATE);
  assert.equal(update(0, { next: START_BITRATE }), START_BITRATE);
});

Deno.test("Bandwidth.update tries nothing while what was allocated is not sent", () => {
  const { bandwidth, update } = setUp();
  bandwidth.loss(0, 100);

  assert.equal(update(0, { sent: 690_000, allocated: 1_000_000 }), START_BITRATE);
  assert.equal(update(0, { sent: 710_000, allocated: 1_000_000 }), NEXT);
});

Deno.test("Bandwidth.update gives a publisher time to start what is tried, and not forever", () => {
  const { bandwidth, update } = setUp();
  bandwidth.loss(0, 100);
  update(0);
  const slow = { sent: 500_000, allocated: 1_800_000, next: 5_000_000 };

  assert.equal(update(LONGEST_TRIAL_MS - 1, slow), NEXT);
  update(LONGEST_TRIAL_MS, slow);
  assert.equal(update(LONGEST_TRIAL_MS, { ...slow, sent: 1_800_000 }), 5_000_000);
});

Deno.test("Bandwidth.update goes back to where it was when a trial fails, and settles", () => {
  const { bandwidth, update } = setUp();
  bandwidth.loss(0, 100);
  update(0);

  fail(bandwidth);
  assert.equal(update(1_000, { sent: 2_000_000 }), START_BITRATE);
  // What is still reported of the time before counts no more.
  fail(bandwidth);
  assert.equal(update(1_000 + SETTLE_MS - 1), START_BITRATE);
  assert.equal(update(1_000 + SETTLE_MS), START_BITRATE);
});

Deno.test("Bandwidth.update waits 5 s after a failed trial, then 10, 20, 40, 60 and 60", () => {
  const { bandwidth, update } = setUp();
  const pauses: number[] = [];
  let failedAt = -Infinity;

  for (let at = 0; pauses.length < 8; at += 100) {
    bandwidth.loss(0, 100);
    if (update(at) === START_BITRATE) continue;
    pauses.push(at - failedAt);
    failedAt = at + 1_000;
    at = failedAt;
    fail(bandwidth);
    assert.equal(update(at, { sent: 2_000_000 }), START_BITRATE);
  }

  assert.deepEqual(pauses.slice(1), [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
});

Deno.test("Bandwidth.update forgets failures once a trial has held", () => {
  const { bandwidth, update } = setUp();
  failTrial({ bandwidth, update }, 0);
  failTrial({ bandwidth, update }, 6_000);

  bandwidth.loss(0, 100);
  assert.equal(update(17_000), NEXT);
  update(17_000 + HELD_MS, { next: undefined });
  fail(bandwidth);
  update(60_000, { sent: 2_000_000 });

  assert.deepEqual([64_900, 65_000].map((at) => isTried({ bandwidth, update }, at)), [false, true]);
});

Deno.test("Bandwidth.update counts too much soon after a trial as a failure of it", () => {
  const { bandwidth, update } = setUp();
  failTrial({ bandwidth, update }, 0);
  bandwidth.loss(0, 100);
  update(6_000);
  update(6_000 + TRIAL_MS, { next: undefined });
  fail(bandwidth);

  // The trial is over, so this is not where it began.
  const after = update(6_000 + HELD_MS - 1, { sent: 1_800_000 });
  assert.equal(after, 900_000);
  const at = 6_000 + HELD_MS - 1;
  assert.deepEqual(
    [at + 9_900, at + 10_000].map((one) => isTried({ bandwidth, update }, one)),
    [false, true],
  );
});

Deno.test("Bandwidth.update goes down to what comes through, again and again, and no lower than a voice", () => {
  const { bandwidth, update } = setUp();
  const seen: number[] = [];
  for (let at = 0; at < 60_000; at += SETTLE_MS) {
    bandwidth.roundTrip(40, at);
    bandwidth.receiverEstimate(9_000_000, at);
    bandwidth.receiverEstimate(bandwidth.estimate * 0.5, at);
    bandwidth.roundTrip(300, at);
    seen.push(update(at, { sent: bandwidth.estimate, allocated: 0, next: undefined }));
  }

  assert.deepEqual(seen.slice(0, 3), [500_000, 250_000, 125_000]);
  assert.equal(seen.at(-1), LEAST_BITRATE);
});

Deno.test("Bandwidth.update with loss between 2 % and 10 % neither goes up nor down", () => {
  const { bandwidth, update } = setUp();

  for (let at = 0; at < 60_000; at += 1_000) {
    bandwidth.loss(0.05, 100);
    assert.equal(update(at), START_BITRATE);
  }
});

function setUp() {
  const bandwidth = new Bandwidth();
  const update = (atMs: number, more: Partial<Sending> = {}) =>
    bandwidth.update({ atMs, sent: 900_000, allocated: 900_000, next: NEXT, ...more });
  return { bandwidth, update };
}

type Subject = ReturnType<typeof setUp>;

function fail(bandwidth: Bandwidth): void {
  bandwidth.loss(1, 10_000);
}

function failTrial({ bandwidth, update }: Subject, at: number): void {
  bandwidth.loss(0, 100);
  assert.equal(update(at), NEXT);
  fail(bandwidth);
  assert.equal(update(at + 1_000, { sent: 2_000_000 }), START_BITRATE);
}

function isTried({ bandwidth, update }: Subject, at: number): boolean {
  const before = bandwidth.estimate;
  bandwidth.loss(0, 100);
  return update(at) > before;
}
