/** What a subscriber is offered, and what it answers. */
import assert from "node:assert/strict";
import { parseDescription } from "../../../src/media/sdp/description.ts";
import { offerSubscriber, readSubscriberAnswer } from "../../../src/media/sdp/subscriber_offer.ts";
import { assertRefused, chromiumText, linesOf } from "./fixtures.ts";
import { LOCAL, pairs } from "./local_side.ts";

const MIDS = pairs(2).map(({ mid }) => mid);
const ANSWER = chromiumText("subscriber_answer");

function offer(count: number, version = 1): string {
  return offerSubscriber({ local: LOCAL, version, sections: pairs(count) });
}

Deno.test("[SB1] offerSubscriber offers sound in opus", () => {
  assert.deepEqual(linesOf(offer(1), "a0"), [
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    "c=IN IP4 0.0.0.0",
    "a=mid:a0",
    `a=ice-ufrag:${LOCAL.ice.usernameFragment}`,
    `a=ice-pwd:${LOCAL.ice.password}`,
    `a=fingerprint:sha-256 ${LOCAL.fingerprint.value}`,
    "a=setup:actpass",
    "a=candidate:1 1 udp 2130706431 127.0.0.1 50000 typ host",
    "a=candidate:2 1 udp 2130706175 ::1 50000 typ host",
    "a=end-of-candidates",
    "a=sendonly",
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "a=extmap:12 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "a=rtcp-mux",
    "a=rtcp-rsize",
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10;useinbandfec=1",
    "a=msid:s0 a0",
    "a=ssrc:1000 cname:s0",
  ]);
});

Deno.test("[SB1] offerSubscriber offers pictures in all codecs, with their repair streams", () => {
  const { media, isBundled } = parseDescription(offer(2));
  const picture = media[3]!;

  assert.equal(isBundled, true);
  assert.deepEqual(picture.formats.join(" "), "96 97 98 99 108 109 45 46");
  assert.deepEqual(
    picture.codecs.map(({ name, payloadType, rtxPayloadType }) => [
      ...[name, payloadType, rtxPayloadType],
    ]),
    [["VP8", 96, 97], ["VP9", 98, 99], ["H264", 108, 109], ["AV1", 45, 46]],
  );
  for (const { feedback } of picture.codecs) {
    assert.deepEqual(feedback, ["nack", "nack pli", "ccm fir", "goog-remb"]);
  }
  assert.deepEqual(picture.extensions.map(({ id }) => id), [2, 3, 13]);
  assert.deepEqual(picture.ssrcGroups, [{ semantics: "FID", ssrcs: [1_011, 1_012] }]);
  assert.deepEqual(picture.msid, { streamId: "s1", trackId: "v1" });
  assert.equal(picture.direction, "sendonly");
});

Deno.test("[SB1] a later offer has what was before at its place", () => {
  const [small, large] = [offer(1, 1), offer(3, 2)];

  for (const mid of ["a0", "v0"]) assert.deepEqual(linesOf(large, mid), linesOf(small, mid));
  assert.deepEqual(parseDescription(large).bundle, ["a0", "v0", "a1", "v1", "a2", "v2"]);
  assert.match(large, /^v=0\r\no=- 1 2 IN IP4/);
});

Deno.test("offerSubscriber refuses to offer nothing", () => {
  assert.throws(() => offer(0), RangeError);
});

Deno.test("[SB1] readSubscriberAnswer reads what Chromium accepts", () => {
  const { remote, acceptedMids, codecsByMid } = readSubscriberAnswer(ANSWER, MIDS);

  assert.deepEqual([...acceptedMids], MIDS);
  assert.equal(remote.setup, "active");
  assert.deepEqual([...codecsByMid.get("a1") ?? []], [["opus", 0]]);
  assert.deepEqual(
    [...codecsByMid.get("v1") ?? []],
    [["VP8", 97], ["VP9", 99], ["H264", 109], ["AV1", 46]],
  );
});

Deno.test("[SB1] readSubscriberAnswer leaves out what is inactive or rejected", () => {
  const inactive = readSubscriberAnswer(chromiumText("subscriber_reanswer"), [
    ...["a0", "v0", "a1", "v1", "a2", "v2"],
  ]);
  const rejected = readSubscriberAnswer(ANSWER.replace("m=audio 9", "m=audio 0"), MIDS);

  assert.deepEqual([...inactive.acceptedMids], ["a0", "v1", "a2", "v2"]);
  assert.deepEqual([...rejected.acceptedMids], ["v0", "a1", "v1"]);
});

Deno.test("[SB1] readSubscriberAnswer leaves out codecs that are not taken as offered", () => {
  const sdp = ANSWER.replaceAll("a=rtpmap:98 VP9", "a=rtpmap:98 VP7")
    .replaceAll("a=fmtp:109 apt=108", "a=fmtp:109 apt=45")
    .replaceAll(/(m=video.*) 96 97/g, "$1");

  const { codecsByMid, acceptedMids } = readSubscriberAnswer(sdp, MIDS);

  // The first repair stream of a codec counts, and here it is another than was offered.
  assert.deepEqual([...codecsByMid.get("v0") ?? []], [["H264", 0], ["AV1", 0]]);
  assert.equal(acceptedMids.has("v0"), true);
});

Deno.test("[SB1] an m-line without a codec of ours is not accepted", () => {
  const sdp = ANSWER.replaceAll("opus", "sopu");

  assert.deepEqual([...readSubscriberAnswer(sdp, MIDS).acceptedMids], ["v0", "v1"]);
});

Deno.test("[SB1] readSubscriberAnswer refuses the answer to another offer", () => {
  const cases: readonly [sdp: string, mids: readonly string[], reason: RegExp][] = [
    [ANSWER, MIDS.slice(1), /it has 4 m-lines, and the offer 3/],
    [ANSWER, [...MIDS, "a2"], /it has 4 m-lines, and the offer 5/],
    [ANSWER, [...MIDS].reverse(), /m-line 1 has another a=mid/],
    [ANSWER.replaceAll("setup:active", "setup:actpass"), MIDS, /does not say a=setup:active/],
    [ANSWER.replaceAll("setup:active", "setup:passive"), MIDS, /a=setup:passive/],
    [ANSWER.replaceAll(/a=ice-pwd.*\r\n/g, ""), MIDS, /a=ice-pwd/],
    [ANSWER.replace("a=group:BUNDLE a0 v0", "a=group:BUNDLE a0"), MIDS, /do not share/],
    [ANSWER.replaceAll(/^(m=\w+) \d+/gm, "$1 0"), MIDS, /no m-line that is not rejected/],
    ["", MIDS, /does not begin/],
  ];

  for (const [sdp, mids, reason] of cases) {
    assertRefused(() => readSubscriberAnswer(sdp, mids), reason);
  }
});
