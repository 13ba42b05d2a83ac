/** What WHIP and WHEP read of an offer. */
import assert from "node:assert/strict";
import { HttpError } from "../../src/http/problem.ts";
import { publishedBy, readOffer, refuseUnfitForViewing } from "../../src/http/session_offer.ts";

const HEAD = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
const ICE = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef012345\r\n";

/** An offer with these m-lines: `audio sendonly`, `video`, ... */
function offerOf(...sections: string[]): string {
  return HEAD + ICE + sections.map((section, n) => {
    const [kind, direction] = section.split(" ");
    const way = direction === undefined ? "" : `a=${direction}\r\n`;
    return `m=${kind} 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:${n}\r\n${way}`;
  }).join("");
}

const refused = (status: number, code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof HttpError, `${error}`);
  assert.deepEqual([error.status, error.code], [status, code]);
  assert.match(error.message, words);
  return true;
};

Deno.test("readOffer finds m-lines with their ways, and the credentials", () => {
  const { sections, ice } = readOffer(offerOf("audio sendonly", "video sendrecv", "application"));

  assert.deepEqual(sections, [
    { kind: "audio", mid: "0", direction: "sendonly", isRejected: false },
    { kind: "video", mid: "1", direction: "sendrecv", isRejected: false },
    { kind: "application", mid: "2", direction: "sendrecv", isRejected: false },
  ]);
  assert.deepEqual(ice, { usernameFragment: "abcd", password: "0123456789abcdef012345" });
});

Deno.test("readOffer takes the way of the session where an m-line names none, and bare newlines", () => {
  const sdp = (HEAD + "a=recvonly\r\n" + ICE).replaceAll("\r", "") +
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\nm=video 9 RTP/SAVPF 96\na=sendonly\n";

  assert.deepEqual(readOffer(sdp).sections.map(({ direction }) => direction), [
    "recvonly",
    "sendonly",
  ]);
});

Deno.test("readOffer takes port 0 for a rejection unless the m-line is bundle-only", () => {
  const sdp = HEAD + ICE + "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n" +
    "m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=bundle-only\r\na=mid:1\r\n";

  assert.deepEqual(publishedBy(readOffer(sdp)), [{ mid: "1", source: "camera" }]);
});

Deno.test("readOffer refuses what is no offer with 400", () => {
  const cases: [string, RegExp][] = [
    ["", /v=0/],
    ["hello", /v=0/],
    ['{"type":"offer"}', /v=0/],
    [HEAD + "nonsense\r\n", /"nonsense" is no line/],
    [HEAD + ICE + "m=video\r\n", /"m=video" is no m-line/],
    [HEAD + ICE + "m=video x RTP/SAVPF 96\r\n", /is no m-line/],
    [HEAD + "m=video 9 RTP/SAVPF 96\r\n", /ice-ufrag/],
    [HEAD + "a=ice-ufrag:\r\na=ice-pwd:x\r\n", /ice-ufrag/],
  ];

  for (const [sdp, words] of cases) {
    assert.throws(() => readOffer(sdp), refused(400, "bad-message", words), sdp);
  }
});

Deno.test("publishedBy names the microphone and the camera by their mids", () => {
  const offer = readOffer(offerOf("video sendonly", "application", "audio sendrecv"));

  assert.deepEqual(publishedBy(offer), [
    { mid: "0", source: "camera" },
    { mid: "2", source: "microphone" },
  ]);
});

Deno.test("publishedBy refuses with 422 what RFC 9725 does not allow", () => {
  const cases: [string[], RegExp][] = [
    [[], /no m-line/],
    [["application"], /no m-line/],
    [["audio recvonly"], /audio is recvonly, not sendonly/],
    [["audio sendonly", "video inactive"], /video is inactive/],
    [["video sendonly", "video sendonly"], /more than one m-line of video/],
    [["audio sendonly", "audio sendonly"], /more than one m-line of audio/],
  ];

  for (const [sections, words] of cases) {
    const offer = readOffer(offerOf(...sections));
    assert.throws(() => publishedBy(offer), refused(422, "unfit-offer", words), `${sections}`);
  }
  const withoutMid = readOffer(offerOf("audio sendonly").replace("a=mid:0\r\n", ""));
  assert.throws(() => publishedBy(withoutMid), refused(422, "unfit-offer", /no a=mid/));
});

Deno.test("refuseUnfitForViewing lets pass what receives, any number of m-lines", () => {
  refuseUnfitForViewing(readOffer(offerOf("audio recvonly", "video recvonly", "video sendrecv")));
});

Deno.test("refuseUnfitForViewing refuses with 422 what sends, or asks for nothing", () => {
  for (const sections of [[], ["application"], ["audio sendonly"], ["video inactive"]]) {
    const offer = readOffer(offerOf(...sections));
    assert.throws(() => refuseUnfitForViewing(offer), refused(422, "unfit-offer", /Cannot view/));
  }
});
