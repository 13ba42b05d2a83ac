/** Numbers of a stream as words. */
import assert from "node:assert/strict";
import { meetEn } from "../../../static/i18n/meet_en.ts";
import { sizesText, streamText, wantedText } from "../../../static/state/statistics_text.ts";
import { stream } from "../support/fake_call.ts";

Deno.test("streamText tells size and rate, as far as they are known", () => {
  assert.equal(
    streamText(stream({ width: 640, height: 360, framesPerSecond: 29.6 })),
    "640×360 · 30/s",
  );
  assert.equal(streamText(stream({ width: 640, height: 360 })), "640×360");
  assert.equal(streamText(stream({ width: 640 })), "");
  assert.equal(streamText(undefined), "");
});

Deno.test("[PB6] wantedText tells a height, nobody and everything apart", () => {
  assert.deepEqual([undefined, 0, 360].map((height) => wantedText(height, meetEn)), [
    ...["as tall as it comes", "nobody looks", "up to 360 lines"],
  ]);
});

Deno.test("sizesText tells each size that is sent at once, and those that are not", () => {
  const layers = [
    { rid: "l", isSending: true, kbps: 120.4, width: 320, height: 180, framesPerSecond: 15 },
    { rid: "m", isSending: true, kbps: 0 },
    { rid: "h", isSending: false, kbps: 0, width: 1280, height: 720 },
  ];

  assert.equal(
    sizesText(stream({ layers }), meetEn),
    "180 · 15/s · 120 kbit/s, m · 0 kbit/s, 720 off",
  );
  assert.equal(sizesText(stream(), meetEn), "");
});
