/** What a publisher is answered, and what it will send. */
import assert from "node:assert/strict";
import { parseDescription } from "../../../src/media/sdp/description.ts";
import {
  answerPublisher,
  type PublisherAnswerOptions,
} from "../../../src/media/sdp/publisher_answer.ts";
import { chromium, chromiumText, linesOf, text, TRANSPORT } from "./fixtures.ts";
import { LOCAL } from "./local_side.ts";

const VIDEO = ["m=video 9 UDP/TLS/RTP/SAVPF 96 97", "a=mid:v", "a=rtcp-mux"];
const VP8 = ["a=rtpmap:96 VP8/90000", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96"];
const LAYERED = [
  ...["a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid", "a=rid:l send", "a=rid:h send"],
  ...["a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", "a=simulcast:send l;h"],
];

function answer(options: Partial<PublisherAnswerOptions> = {}) {
  return answerPublisher({
    offer: chromium("publisher_offer"),
    local: LOCAL,
    version: 1,
    ...options,
  });
}

function answerVideo(...lines: readonly string[]) {
  return answer({ offer: parseDescription(text(...TRANSPORT, ...VIDEO, ...lines)) });
}

Deno.test("[PB1] answerPublisher takes the first codec that we forward, under the offer's numbers", () => {
  const { media, hasData } = answer();

  const none = { rid: 0, repairedRid: 0, videoOrientation: 0, dependencyDescriptor: 0 };
  const picture = { absSendTime: 2, transportCc: 3, mid: 4, audioLevel: 0, videoOrientation: 13 };
  const [sound, camera, screen] = media;
  assert.equal(media.length, 3);
  assert.deepEqual(sound, {
    ...{ mid: "0", kind: "audio", codec: { name: "opus", payloadType: 111 }, rids: [] },
    extensionIds: { absSendTime: 2, transportCc: 3, mid: 4, audioLevel: 1, ...none },
    ...{ ssrcs: sound?.ssrcs, rtxSsrcs: [0] },
  });
  assert.deepEqual(camera, {
    ...{ mid: "1", kind: "video", rids: ["l", "m", "h"], ssrcs: [], rtxSsrcs: [] },
    codec: { name: "VP8", payloadType: 96, rtxPayloadType: 97 },
    extensionIds: { ...picture, rid: 10, repairedRid: 11, dependencyDescriptor: 0 },
  });
  assert.deepEqual([screen?.ssrcs.length, screen?.rtxSsrcs.length], [1, 1]);
  assert.ok(screen!.ssrcs[0]! > 0 && screen!.rtxSsrcs[0]! > 0);
  assert.equal(hasData, true);
});

Deno.test("[PB1] answerPublisher's m-line of a camera in layers", () => {
  const lines = linesOf(answer({ maxVideoKbps: 2_500 }).sdp, "1");

  assert.deepEqual(lines, [
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
    "c=IN IP4 0.0.0.0",
    "b=AS:2500",
    "a=mid:1",
    `a=ice-ufrag:${LOCAL.ice.usernameFragment}`,
    `a=ice-pwd:${LOCAL.ice.password}`,
    `a=fingerprint:sha-256 ${LOCAL.fingerprint.value}`,
    "a=setup:passive",
    "a=recvonly",
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "a=extmap:13 urn:3gpp:video-orientation",
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
    "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    "a=rtcp-mux",
    "a=rtcp-rsize",
    "a=rtpmap:96 VP8/90000",
    "a=rtcp-fb:96 transport-cc",
    "a=rtcp-fb:96 ccm fir",
    "a=rtcp-fb:96 nack",
    "a=rtcp-fb:96 nack pli",
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
    "a=rid:l recv",
    "a=rid:m recv",
    "a=rid:h recv",
    "a=simulcast:recv l;m;h",
  ]);
});

Deno.test("[PB1] answerPublisher's m-line of a microphone", () => {
  const lines = linesOf(answer({ maxVideoKbps: 2_500 }).sdp, "0");

  assert.equal(lines[0], "m=audio 9 UDP/TLS/RTP/SAVPF 111");
  assert.deepEqual(lines.filter((line) => /rtpmap|rtcp-fb|fmtp|b=AS/.test(line)), [
    "a=rtpmap:111 opus/48000/2",
    "a=rtcp-fb:111 transport-cc",
    "a=fmtp:111 minptime=10;useinbandfec=1",
  ]);
  assert.ok(lines.includes("a=end-of-candidates"));
});

Deno.test("[PB1] m-lines that are not wanted, or not sent, are kept and carry nothing", () => {
  const wanted = answer({ wanted: new Set(["0"]) });
  const reoffer = answer({ offer: chromium("publisher_reoffer") });

  assert.deepEqual(wanted.media.map(({ mid }) => mid), ["0"]);
  const camera = linesOf(wanted.sdp, "1");
  assert.equal(camera[0], "m=video 9 UDP/TLS/RTP/SAVPF 96 97");
  assert.ok(camera.includes("a=inactive") && !camera.includes("a=recvonly"));
  // Layers that an answer does not name are lost for as long as the connection lives.
  assert.ok(camera.includes("a=simulcast:recv l;m;h"));
  assert.deepEqual(reoffer.media.map(({ mid }) => mid), ["0", "5"]);
  assert.match(reoffer.sdp, /a=group:BUNDLE 0 1 3 5\r\n/);
  assert.equal(linesOf(reoffer.sdp, "4")[0], "m=audio 0 UDP/TLS/RTP/SAVPF 111");
});

Deno.test("[PB2] answerPublisher rejects what we do not forward", () => {
  const { media, sdp, hasData } = answerVideo("a=rtpmap:96 H265/90000");

  assert.deepEqual([media, hasData], [[], false]);
  assert.equal(linesOf(sdp, "v")[0], "m=video 0 UDP/TLS/RTP/SAVPF 96");
});

Deno.test("[PB1] the codec of the offer's first choice decides on the dependency descriptor", () => {
  const first = (payloadTypes: string) => {
    const sdp = chromiumText("publisher_offer").replaceAll(
      /^(m=video 9 \S+)(.*)/gm,
      (_, head, formats) => `${head} ${payloadTypes}${formats.replace(` ${payloadTypes}`, "")}`,
    );
    return answer({ offer: parseDescription(sdp) }).media[1];
  };

  const [av1, vp9, h264] = [first("45 46"), first("98 99"), first("108 109")];

  assert.deepEqual(av1?.codec, { name: "AV1", payloadType: 45, rtxPayloadType: 46 });
  assert.deepEqual(vp9?.codec, { name: "VP9", payloadType: 98, rtxPayloadType: 99 });
  assert.deepEqual(h264?.codec, { name: "H264", payloadType: 108, rtxPayloadType: 109 });
  assert.deepEqual(
    [av1, vp9, h264].map((one) => one?.extensionIds.dependencyDescriptor),
    [12, 12, 0],
  );
});

Deno.test("[PB1] layers need their header extensions, and the codec that is taken", () => {
  const rids = (...lines: readonly string[]) => answerVideo(...VP8, ...lines).media[0]?.rids;

  assert.deepEqual(rids(...LAYERED), ["l", "h"]);
  assert.deepEqual(rids(...LAYERED.filter((line) => !line.includes("stream-id"))), []);
  assert.deepEqual(rids(...LAYERED.filter((line) => !line.includes("sdes:mid"))), []);
  assert.deepEqual(rids(...LAYERED.filter((line) => !line.includes("simulcast"))), []);
  assert.deepEqual(rids(...LAYERED.map((line) => line.replace("h send", "h recv"))), ["l"]);
  assert.deepEqual(rids(...LAYERED.map((line) => line.replace("h send", "h send pt=98"))), ["l"]);
  assert.deepEqual(
    rids(...LAYERED.map((line) => line.replace("h send", "h send pt=98,96"))),
    ["l", "h"],
  );
});

Deno.test("[PB1] of many layers the first four are taken", () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const lines = [
    ...LAYERED.filter((line) => line.startsWith("a=extmap")),
    ...names.map((name) => `a=rid:${name} send`),
    `a=simulcast:send ${names.join(";")}`,
  ];

  const { sdp, media } = answerVideo(...VP8, ...lines);

  assert.deepEqual(media[0]?.rids, ["a", "b", "c", "d"]);
  assert.match(sdp, /a=simulcast:recv a;b;c;d\r\n/);
});

Deno.test("[PB1] without feedback of the transport its extension is not taken", () => {
  const extension =
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
  const without = answerVideo(...VP8, extension, "a=rtcp-fb:96 goog-remb", "a=rtcp-fb:96 nack");
  const having = answerVideo(...VP8, extension, "a=rtcp-fb:* transport-cc");

  assert.equal(without.media[0]?.extensionIds.transportCc, 0);
  assert.doesNotMatch(without.sdp, /transport|goog-remb/);
  assert.equal(having.media[0]?.extensionIds.transportCc, 3);
});

Deno.test("[PB1] sound is not sent again, whatever the offer says", () => {
  const { media, sdp } = answer({
    offer: parseDescription(text(
      ...[...TRANSPORT, "m=audio 9 UDP/TLS/RTP/SAVPF 111 112", "a=mid:a", "a=rtcp-mux"],
      ...["a=rtpmap:111 opus/48000/2", "a=rtpmap:112 rtx/48000", "a=fmtp:112 apt=111"],
    )),
  });

  assert.deepEqual(media[0]?.codec, { name: "opus", payloadType: 111 });
  assert.doesNotMatch(sdp, /rtx/);
});

Deno.test("answerPublisher answers an offer in which everything is stopped", () => {
  const { sdp, media } = answer({
    offer: parseDescription(text("m=audio 0 UDP/TLS/RTP/SAVPF 111", "a=mid:0")),
  });

  assert.deepEqual(media, []);
  assert.deepEqual(linesOf(sdp, "0")[0], "m=audio 0 UDP/TLS/RTP/SAVPF 111");
});

Deno.test("answerPublisher answers 200 m-lines", () => {
  const sections = Array.from({ length: 200 }, (_, index) => [
    ...["m=video 9 UDP/TLS/RTP/SAVPF 96 97", `a=mid:${index}`, "a=rtcp-mux", "a=sendonly", ...VP8],
  ]);
  const group = `a=group:BUNDLE ${sections.map((_, index) => index).join(" ")}`;
  const offer = parseDescription(text(...TRANSPORT, group, ...sections.flat()));

  const all = answer({ offer });
  const one = answer({ offer, wanted: new Set(["7"]) });

  assert.deepEqual(all.media.map(({ mid }) => mid), offer.media.map(({ mid }) => mid));
  assert.deepEqual(one.media.map(({ mid }) => mid), ["7"]);
  assert.equal(parseDescription(all.sdp).bundle.length, 200);
});
