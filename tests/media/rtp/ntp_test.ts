/** NTP time. */
import assert from "node:assert/strict";
import { fromNtp, middleOfNtp, toNtp } from "../../../src/media/rtp/ntp.ts";

Deno.test("toNtp counts from 1900, and fractions in 1/2^32 of a second", () => {
  const table = [
    [0, { high: 2_208_988_800, low: 0 }],
    [500, { high: 2_208_988_800, low: 2 ** 31 }],
    [1_500.25, { high: 2_208_988_801, low: Math.round(0.50025 * 2 ** 32) }],
    // 2036-02-07T06:28:16Z: 32 bits of seconds are over, and begin anew.
    [2_085_978_496_000, { high: 0, low: 0 }],
    // A fraction of which nothing is left in 32 bits is the next second.
    [1_000 - 1e-8, { high: 2_208_988_801, low: 0 }],
  ] as const;

  for (const [ms, expected] of table) assert.deepEqual(toNtp(ms), expected, `${ms}`);
});

Deno.test("fromNtp is the way back, before and after 2036", () => {
  for (const ms of [0, 1, 999, 1_795_000_000_123, 2_085_978_495_999, 2_085_978_496_000, 3e12]) {
    const { high, low } = toNtp(ms);
    assert.ok(Math.abs(fromNtp(high, low) - ms) < 0.001, `${ms}`);
  }
});

Deno.test("middleOfNtp is the example of RFC 3550, section 6.4.1", () => {
  // Figure 2: 10 Nov 1995 11:33:25.125 UTC is sent as b44d:b705:2000:0000.
  assert.deepEqual(toNtp(Date.UTC(1995, 10, 10, 11, 33, 25, 125)), {
    high: 0xb44db705,
    low: 0x20000000,
  });
  assert.equal(middleOfNtp(0xb44db705, 0x20000000), 0xb7052000);
  assert.equal(middleOfNtp(0x0000ffff, 0xffff0000), 0xffffffff);
});
