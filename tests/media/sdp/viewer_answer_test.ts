/** What a viewer with m-lines of its own is answered. */
import assert from "node:assert/strict";
import { parseDescription } from "../../../src/media/sdp/description.ts";
import { answerViewer, type ViewerAnswerOptions } from "../../../src/media/sdp/viewer_answer.ts";
import { chromium, chromiumText, linesOf, text, TRANSPORT } from "./fixtures.ts";
import { LOCAL } from "./local_side.ts";

const SHARED = { streamId: "ann", cname: "ann" };
const SECTIONS = [
  { mid: "0", ssrc: 5, trackId: "sound", ...SHARED },
  { mid: "1", ssrc: 6, rtxSsrc: 7, trackId: "picture", ...SHARED },
];

function answer(options: Partial<ViewerAnswerOptions> = {}) {
  return answerViewer({
    ...{ offer: chromium("viewer_offer"), local: LOCAL, version: 1, sections: SECTIONS },
    ...options,
  });
}

Deno.test("answerViewer takes all codecs that we forward, under the viewer's numbers", () => {
  const { media, hasData } = answer();

  const ids = {
    ...{ absSendTime: 2, transportCc: 0, mid: 0, rid: 0, repairedRid: 0 },
    dependencyDescriptor: 0,
  };
  assert.deepEqual(media, [
    {
      ...{ mid: "0", kind: "audio", payloadTypes: { opus: 111 }, rtxPayloadTypes: {} },
      extensionIds: { ...ids, audioLevel: 1, videoOrientation: 0 },
    },
    {
      ...{ mid: "1", kind: "video" },
      payloadTypes: { VP8: 96, VP9: 98, H264: 108, AV1: 45 },
      rtxPayloadTypes: { VP8: 97, VP9: 99, H264: 109, AV1: 46 },
      extensionIds: { ...ids, audioLevel: 0, videoOrientation: 13 },
    },
  ]);
  assert.equal(hasData, false);
});

Deno.test("answerViewer names the sources, and asks for the feedback that we act on", () => {
  const { sdp } = answer();
  const [sound, picture] = [linesOf(sdp, "0"), linesOf(sdp, "1")];

  assert.ok(sound.includes("a=sendonly") && sound.includes("a=setup:passive"));
  assert.deepEqual(sound.slice(-2), ["a=msid:ann sound", "a=ssrc:5 cname:ann"]);
  assert.deepEqual(picture.slice(-4), [
    ...["a=msid:ann picture", "a=ssrc-group:FID 6 7", "a=ssrc:6 cname:ann", "a=ssrc:7 cname:ann"],
  ]);
  assert.deepEqual(picture.filter((line) => line.startsWith("a=rtcp-fb:96 ")), [
    "a=rtcp-fb:96 goog-remb",
    "a=rtcp-fb:96 ccm fir",
    "a=rtcp-fb:96 nack",
    "a=rtcp-fb:96 nack pli",
  ]);
  assert.doesNotMatch(sdp, /transport-cc|red\/|ulpfec|G722|sdes/);
});

Deno.test("m-lines that nothing is sent into are kept", () => {
  const { sdp, media } = answer({ sections: SECTIONS.slice(0, 1) });
  const picture = linesOf(sdp, "1");

  assert.deepEqual(media.map(({ mid }) => mid), ["0"]);
  assert.match(picture[0]!, /^m=video 9 /);
  assert.ok(picture.includes("a=inactive"));
  assert.ok(!picture.some((line) => line.startsWith("a=ssrc") || line.startsWith("a=msid")));
});

Deno.test("nothing is sent to a viewer that does not receive, nor into m-lines that it lacks", () => {
  for (const direction of ["sendonly", "inactive"]) {
    const sdp = chromiumText("viewer_offer").replaceAll("a=recvonly", `a=${direction}`);
    const { media } = answer({ offer: parseDescription(sdp) });

    assert.deepEqual(media, [], direction);
  }
  const { media } = answer({ sections: [{ ...SECTIONS[0]!, mid: "9" }] });
  assert.deepEqual(media, []);
});

Deno.test("answerViewer rejects what we do not send, and what has no transport", () => {
  const { sdp, media } = answer({
    offer: parseDescription(text(
      ...[...TRANSPORT, "a=group:BUNDLE 0 1", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0"],
      ...["a=rtcp-mux", "a=recvonly", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=mid:1", "a=recvonly"],
      "a=rtpmap:96 VP8/90000",
    )),
  });

  assert.deepEqual(media, []);
  assert.equal(linesOf(sdp, "0")[0], "m=audio 0 UDP/TLS/RTP/SAVPF 0");
  assert.equal(linesOf(sdp, "1")[0], "m=video 0 UDP/TLS/RTP/SAVPF 96");
});

Deno.test("a viewer that takes no repair stream is told of none", () => {
  const { sdp, media } = answer({
    offer: parseDescription(text(
      ...[...TRANSPORT, "m=video 9 UDP/TLS/RTP/SAVPF 100", "a=mid:1", "a=rtcp-mux", "a=recvonly"],
      "a=rtpmap:100 VP8/90000",
    )),
  });

  assert.deepEqual(media[0]?.payloadTypes, { VP8: 100 });
  assert.deepEqual(media[0]?.rtxPayloadTypes, {});
  assert.deepEqual(linesOf(sdp, "1").slice(-2), ["a=msid:ann picture", "a=ssrc:6 cname:ann"]);
});
