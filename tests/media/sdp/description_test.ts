/** Whole descriptions: Chromium's as it writes them, and what the session says for all m-lines. */
import assert from "node:assert/strict";
import { parseDescription, remoteParametersOf } from "../../../src/media/sdp/description.ts";
import { assertRefused, chromium, chromiumText, text, TRANSPORT } from "./fixtures.ts";

const AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111";
const REJECTED = "m=audio 0 UDP/TLS/RTP/SAVPF 111";

Deno.test("parseDescription reads the offer of a publisher", () => {
  const { media, bundle, isBundled, allowsMixedExtensions } = chromium("publisher_offer");

  assert.deepEqual(bundle, ["0", "1", "2", "3"]);
  assert.deepEqual([isBundled, allowsMixedExtensions], [true, true]);
  assert.deepEqual(media.map(({ kind, mid, direction }) => [kind, mid, direction]), [
    ...[["audio", "0", "sendonly"], ["video", "1", "sendonly"], ["video", "2", "sendonly"]],
    ["application", "3", "sendrecv"],
  ]);
  const [, camera, screen] = media;
  assert.deepEqual(camera?.simulcast, { send: ["l", "m", "h"], recv: [] });
  assert.deepEqual(camera?.codecs.map(({ name }) => name), [
    ...["VP8", "H264", "H264", "H264", "H264", "H264", "H264", "AV1", "VP9", "VP9"],
    ...["red", "ulpfec"],
  ]);
  assert.deepEqual(camera?.codecs.at(0), {
    ...{ payloadType: 96, name: "VP8", clockRate: 90_000, channels: 0, fmtp: "" },
    feedback: ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"],
    rtxPayloadType: 97,
  });
  assert.equal(camera?.hasRtcpMux, true);
  assert.equal(screen?.ssrcs.length, 2);
  assert.equal(screen?.ssrcGroups[0]?.semantics, "FID");
});

Deno.test("parseDescription reads stopped and inactive m-lines, and places used again", () => {
  const { media, bundle, isBundled } = chromium("publisher_reoffer");

  assert.deepEqual(bundle, ["0", "1", "3", "5"]);
  assert.equal(isBundled, true);
  assert.deepEqual(
    media.map(({ mid, direction, isRejected }) => [mid, direction, isRejected]),
    [
      ...[["0", "sendonly", false], ["1", "inactive", false], ["4", "inactive", true]],
      ...[["3", "sendrecv", false], ["5", "sendonly", false]],
    ],
  );
});

Deno.test("parseDescription takes bare line feeds", () => {
  const sdp = chromiumText("publisher_offer");

  assert.deepEqual(parseDescription(sdp.replaceAll("\r\n", "\n")), parseDescription(sdp));
});

Deno.test("parseDescription takes from the session what an m-line does not say", () => {
  const { media } = parseDescription(text(
    ...[...TRANSPORT, "a=inactive", "a=group:BUNDLE a b", AUDIO, "a=mid:a"],
    ...[AUDIO, "a=mid:b", "a=sendonly", "a=setup:active"],
  ));

  const [first, second] = media;
  assert.deepEqual([first?.direction, first?.setup], ["inactive", "actpass"]);
  assert.deepEqual([second?.direction, second?.setup], ["sendonly", "active"]);
  assert.deepEqual(first?.ice, second?.ice);
});

Deno.test("isBundled: one transport carries every m-line that is not rejected", () => {
  const cases: readonly [isBundled: boolean, lines: readonly string[]][] = [
    [true, []],
    [true, [AUDIO, "a=mid:a"]],
    [true, ["a=group:BUNDLE a b", AUDIO, "a=mid:a", AUDIO, "a=mid:b"]],
    [true, ["a=group:BUNDLE a", AUDIO, "a=mid:a", REJECTED, "a=mid:b"]],
    [true, ["a=group:BUNDLE a a b c", AUDIO, "a=mid:a", REJECTED, "a=mid:b"]],
    [false, [AUDIO, "a=mid:a", AUDIO, "a=mid:b"]],
    [false, ["a=group:BUNDLE a", AUDIO, "a=mid:a", AUDIO, "a=mid:b"]],
    [false, ["a=group:LS a b", AUDIO, "a=mid:a", AUDIO, "a=mid:b"]],
    [false, ["a=group:BUNDLE a", "a=group:BUNDLE b", AUDIO, "a=mid:a", AUDIO, "a=mid:b"]],
    [false, ["a=group:BUNDLE x", AUDIO, "a=mid:a"]],
  ];

  for (const [isBundled, lines] of cases) {
    assert.equal(parseDescription(text(...lines)).isBundled, isBundled, lines.join("\n"));
  }
});

Deno.test("parseDescription refuses what is no description", () => {
  for (const sdp of ["", "\r\n", "v=1\r\n", "o=- 1 1 IN IP4 0.0.0.0\r\nv=0\r\n"]) {
    assertRefused(() => parseDescription(sdp), /does not begin with "v=0"/);
  }
  assertRefused(() => parseDescription("hello"), /line 1 does not begin/);
  assertRefused(() => parseDescription('{"sdp":"v=0"}'), /line 1 does not begin/);
});

Deno.test("parseDescription refuses one tag for two m-lines", () => {
  assertRefused(
    () => parseDescription(text(AUDIO, "a=mid:a", REJECTED, "a=mid:a")),
    /two m-lines have a=mid:a/,
  );
  assert.equal(parseDescription(text(REJECTED, REJECTED)).media.length, 2);
});

Deno.test("parseDescription takes 256 m-lines and refuses one more", () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, index) => [AUDIO, `a=mid:${index}`]).flat();

  assert.equal(parseDescription(text(...lines(256))).media.length, 256);
  assertRefused(
    () => parseDescription(text(...lines(257))),
    /line 517: more than 256 m-lines/,
  );
});

Deno.test("remoteParametersOf takes the m-line that carries the others", () => {
  const other = ["a=ice-ufrag:other", "a=ice-pwd:0000000000000000000000"];
  const description = parseDescription(text(
    ...[...TRANSPORT, "a=group:BUNDLE b a", AUDIO, "a=mid:a", ...other, AUDIO, "a=mid:b"],
  ));

  assert.deepEqual(remoteParametersOf(description), {
    ...{ usernameFragment: "abcd", password: "abcdefghijklmnopqrstuv", setup: "actpass" },
    fingerprint: { algorithm: "sha-256", value: Array(32).fill("AB").join(":") },
  });
  const { fingerprint } = remoteParametersOf(chromium("publisher_reoffer"));
  assert.equal(fingerprint.value.length, 95);
});

Deno.test("remoteParametersOf passes over rejected m-lines", () => {
  const description = parseDescription(text(
    ...[REJECTED, "a=mid:a", "a=ice-ufrag:gone", AUDIO, "a=mid:b", ...TRANSPORT],
  ));

  assert.equal(remoteParametersOf(description).usernameFragment, "abcd");
});

Deno.test("remoteParametersOf refuses a transport that is incomplete", () => {
  const without = (start: string) => TRANSPORT.filter((line) => !line.startsWith(start));
  const cases: readonly [lines: readonly string[], reason: RegExp][] = [
    [[...TRANSPORT], /no m-line that is not rejected/],
    [[...TRANSPORT, REJECTED, "a=mid:a"], /no m-line that is not rejected/],
    [[...without("a=ice-ufrag"), AUDIO, "a=mid:a"], /no a=ice-ufrag/],
    [[...without("a=ice-pwd"), AUDIO, "a=mid:a"], /a=ice-pwd/],
    [[...without("a=fingerprint"), AUDIO, "a=mid:a"], /no a=fingerprint/],
    [[...without("a=setup"), AUDIO, "a=mid:a"], /no a=setup/],
    [[...TRANSPORT, AUDIO, "a=mid:a", "a=setup:passive"], /a=setup:passive/],
  ];

  for (const [lines, reason] of cases) {
    const description = parseDescription(text(...lines));
    assertRefused(() => remoteParametersOf(description), reason);
  }
});
