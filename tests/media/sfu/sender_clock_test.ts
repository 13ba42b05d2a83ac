/** A sender's time goes on between its reports. */
import assert from "node:assert/strict";
import { ntpMsAt, rtpTimestampAt, type SenderClock } from "../../../src/media/sfu/sender_clock.ts";

const clock: SenderClock = {
  ntpMs: 1_767_225_600_000,
  rtpTimestamp: 4_294_967_000,
  at: 500,
  middle: 0,
};

Deno.test("ntpMsAt goes on with our clock", () => {
  assert.equal(ntpMsAt(clock, 500), 1_767_225_600_000);
  assert.equal(ntpMsAt(clock, 750.5), 1_767_225_600_250.5);
  assert.equal(ntpMsAt(clock, 400), 1_767_225_599_900);
});

Deno.test("rtpTimestampAt goes on at the clock's rate, and round with 32 bits", () => {
  assert.equal(rtpTimestampAt(clock, 500, 90_000), 4_294_967_000);
  assert.equal(rtpTimestampAt(clock, 510, 90_000), 604);
  assert.equal(rtpTimestampAt(clock, 490, 48_000), 4_294_966_520);
});
