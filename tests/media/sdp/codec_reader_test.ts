/** The codecs of an m-line, in its order, with what repairs them. */
import assert from "node:assert/strict";
import { assertRefused, video } from "./fixtures.ts";

const VP8 = "a=rtpmap:96 VP8/90000";

Deno.test("codecs stand in the order of the m-line, with parameters and feedback", () => {
  const { codecs } = video(
    ...["98 96", VP8, "a=rtcp-fb:96 nack ", "a=rtcp-fb:96 nack pli"],
    ...["a=fmtp:98 profile-id=0;x=1", "a=rtpmap:98 VP9/90000/1", "a=rtcp-fb:* ccm fir"],
  );

  const common = { clockRate: 90_000, rtxPayloadType: undefined };
  assert.deepEqual(codecs, [
    {
      ...{ payloadType: 98, name: "VP9", channels: 1, fmtp: "profile-id=0;x=1" },
      ...{ feedback: ["ccm fir"], ...common },
    },
    {
      ...{ payloadType: 96, name: "VP8", channels: 0, fmtp: "" },
      ...{ feedback: ["nack", "nack pli", "ccm fir"], ...common },
    },
  ]);
});

Deno.test("a repair stream stands with the codec that it repairs, the first of several", () => {
  const { codecs } = video(
    ...["96 97 99 100", VP8, "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96"],
    ...["a=rtpmap:99 RTX/90000", "a=fmtp:99 rtx-time=3000; apt=96", "a=rtpmap:100 rtx/90000"],
  );

  assert.deepEqual(codecs.map(({ name, rtxPayloadType }) => [name, rtxPayloadType]), [["VP8", 97]]);
});

Deno.test("payload types without a name, and attributes of others, are passed over", () => {
  const { codecs } = video("96 0 8", VP8, "a=rtpmap:111 opus/48000/2", "a=fmtp:112 x=1");

  assert.deepEqual(codecs.map(({ name }) => name), ["VP8"]);
});

Deno.test("a codec that breaks the grammar is refused", () => {
  const cases: readonly [formats: string, attribute: string, reason: RegExp][] = [
    ["96 96", VP8, /line 5: payload type 96 stands there twice/],
    ["128", VP8, /line 5: a payload type is no number/],
    ["96 x", VP8, /line 5: a payload type is no number/],
    ["96", "a=rtpmap:96", /line 8: the codec of a=rtpmap/],
    ["96", "a=rtpmap:96 VP8", /line 8: the clock rate of a=rtpmap/],
    ["96", "a=rtpmap:96 VP8/1000001", /line 8: the clock rate of a=rtpmap/],
    ["96", "a=rtpmap:96 opus/48000/65", /line 8: the channels of a=rtpmap/],
    ["96", "a=rtpmap:-1 VP8/90000", /line 8: a payload type is no number/],
    ["96", "a=rtpmap:1000 VP8/90000", /line 8: a payload type is no number/],
    ["96", `a=fmtp:96 ${"x".repeat(1_025)}`, /line 8: a=fmtp/],
    ["96", "a=rtcp-fb:96 näck", /line 8: a=rtcp-fb/],
  ];

  for (const [formats, attribute, reason] of cases) {
    assertRefused(() => video(formats, attribute), reason);
  }
  assertRefused(() => video("96", VP8, VP8), /line 9: a=rtpmap:96 stands there twice/);
});

Deno.test("feedback and formats are bounded", () => {
  const feedback = Array(17).fill("a=rtcp-fb:96 nack");
  const formats = Array.from({ length: 65 }, (_, index) => index);

  assertRefused(() => video("96", VP8, ...feedback), /line 25: more than 16 kinds of feedback/);
  assertRefused(() => video(formats.join(" ")), /line 5: more than 64 formats/);
  assert.equal(video(formats.slice(1).join(" ")).formats.length, 64);
});
