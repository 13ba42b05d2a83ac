/** One m-line and what stands below it. */
import assert from "node:assert/strict";
import { assertRefused, section, text, video } from "./fixtures.ts";
import { parseDescription } from "../../../src/media/sdp/description.ts";

const AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111";

Deno.test("an m-line says kind, port, protocol and formats", () => {
  const { kind, port, protocol, formats, mid, isRejected, direction, hasRtcpMux } = section(AUDIO);

  assert.deepEqual(
    { kind, port, protocol, formats, mid, isRejected, direction, hasRtcpMux },
    {
      ...{ kind: "audio", port: 9, protocol: "UDP/TLS/RTP/SAVPF", formats: ["111"] },
      ...{ mid: "0", isRejected: false, direction: "sendrecv", hasRtcpMux: false },
    },
  );
  assert.equal(section("m=audio 5004/2 TCP/TLS/RTP/SAVPF 111 0").port, 5004);
  const data = section("m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000");
  assert.deepEqual([data.formats, data.sctpPort], [["webrtc-datachannel"], 5_000]);
});

Deno.test("an m-line that breaks the grammar is refused", () => {
  const cases: readonly [mLine: string, reason: RegExp][] = [
    ["m=", /line 5: this m-line is for neither/],
    ["m=text 9 UDP/TLS/RTP/SAVPF 98", /line 5: this m-line is for neither/],
    ["m=audio", /line 5: the protocol/],
    ["m=audio 9", /line 5: the protocol/],
    ["m=audio 9 UDP/BFCP 0", /line 5: the protocol/],
    ["m=audio 9 UDP/DTLS/SCTP 0", /line 5: the protocol/],
    ["m=application 9 UDP/TLS/RTP/SAVPF 0", /line 5: the protocol/],
    ["m=audio 9 UDP/TLS/RTP/SAVPF", /line 5: this m-line names no format/],
    ["m=audio 9  UDP/TLS/RTP/SAVPF 0", /line 5: the protocol/],
    ["m=audio 65536 UDP/TLS/RTP/SAVPF 0", /line 5: the port/],
    ["m=audio -1 UDP/TLS/RTP/SAVPF 0", /line 5: the port/],
    ["m=audio x UDP/TLS/RTP/SAVPF 0", /line 5: the port/],
    ["m=application 9 UDP/DTLS/SCTP ä", /line 5: a format/],
  ];

  for (const [mLine, reason] of cases) assertRefused(() => section(mLine), reason);
});

Deno.test("port 0 rejects an m-line, a=bundle-only does not", () => {
  const rejected = "m=audio 0 UDP/TLS/RTP/SAVPF 111";

  assert.equal(section(rejected).isRejected, true);
  assert.equal(section(rejected, "a=bundle-only").isRejected, false);
});

Deno.test("an m-line has a tag, unless it is rejected", () => {
  const rejected = parseDescription(text("m=audio 0 UDP/TLS/RTP/SAVPF 111"));

  assert.equal(rejected.media[0]?.mid, "");
  assertRefused(() => parseDescription(text(AUDIO)), /line 5: this m-line has no a=mid/);
});

Deno.test("the last direction counts", () => {
  for (const direction of ["sendonly", "recvonly", "inactive", "sendrecv"] as const) {
    assert.equal(section(AUDIO, "a=sendonly", `a=${direction}`).direction, direction);
  }
});

Deno.test("header extensions are read, those without an id yet are passed over", () => {
  const { extensions } = section(
    ...[AUDIO, "a=extmap:1 urn:a", "a=extmap:14/sendonly urn:b params", "a=extmap:255 urn:c"],
    ...["a=extmap:0 urn:d", "a=extmap:4096 urn:e"],
  );

  assert.deepEqual(extensions, [
    { id: 1, uri: "urn:a" },
    { id: 14, uri: "urn:b" },
    { id: 255, uri: "urn:c" },
  ]);
});

Deno.test("header extensions that break the grammar are refused", () => {
  const many = Array.from({ length: 65 }, (_, index) => `a=extmap:${index + 1} urn:x`);

  assertRefused(() => section(AUDIO, "a=extmap:x urn:a"), /line 7: the id of a=extmap/);
  assertRefused(() => section(AUDIO, "a=extmap:4352 urn:a"), /line 7: the id of a=extmap/);
  assertRefused(() => section(AUDIO, "a=extmap:1"), /line 7: the name of a=extmap/);
  assertRefused(() => section(AUDIO, "a=extmap:1 ä"), /line 7: the name of a=extmap/);
  assertRefused(
    () => section(AUDIO, "a=extmap:1 urn:a", "a=extmap:1 urn:b"),
    /line 8: a=extmap:1 stands there twice/,
  );
  assertRefused(() => section(AUDIO, ...many), /line 71: more than 64 header extensions/);
});

Deno.test("sources are read with their cname and their groups", () => {
  const { ssrcs, ssrcGroups } = video(
    ...["96", "a=ssrc-group:FID 1 4294967295", "a=ssrc:1 msid:s t", "a=ssrc:1 cname:abc"],
    ...["a=ssrc:4294967295 cname:abc", "a=ssrc:3"],
  );

  assert.deepEqual(ssrcs, [
    { ssrc: 1, cname: "abc" },
    { ssrc: 4294967295, cname: "abc" },
    { ssrc: 3, cname: "" },
  ]);
  assert.deepEqual(ssrcGroups, [{ semantics: "FID", ssrcs: [1, 4294967295] }]);
});

Deno.test("sources that break the grammar, or are too many, are refused", () => {
  const many = (line: (index: number) => string, count: number) =>
    Array.from({ length: count }, (_, index) => line(index));

  assertRefused(() => video("96", "a=ssrc:4294967296 cname:x"), /line 8: a=ssrc is no number/);
  assertRefused(() => video("96", "a=ssrc:-1 cname:x"), /line 8: a=ssrc is no number/);
  assertRefused(() => video("96", "a=ssrc:1 cname:"), /line 8: a cname/);
  assertRefused(() => video("96", "a=ssrc-group:FID 1 x"), /line 8: a source of a=ssrc-group/);
  assertRefused(() => video("96", "a=ssrc-group:"), /line 8: the name of a=ssrc-group/);
  assertRefused(
    () => video("96", `a=ssrc-group:SIM ${many(String, 17).join(" ")}`),
    /line 8: more than 16 sources in one/,
  );
  assertRefused(() => video("96", ...many((n) => `a=ssrc:${n}`, 65)), /line 72: more than 64/);
  assertRefused(
    () => video("96", ...many((n) => `a=ssrc-group:FID ${n} ${n + 100}`, 33)),
    /line 40: more than 32 groups/,
  );
});

Deno.test("layers are read, each name once, in bounded number", () => {
  const { rids, simulcast } = video("96", "a=rid:l send", "a=rid:h send", "a=simulcast:send l;h");

  assert.deepEqual(rids.map(({ rid }) => rid), ["l", "h"]);
  assert.deepEqual(simulcast, { send: ["l", "h"], recv: [] });
  assertRefused(
    () => video("96", "a=rid:l send", "a=rid:l recv"),
    /line 9: a=rid stands there twice/,
  );
  const many = Array.from({ length: 17 }, (_, index) => `a=rid:l${index} send`);
  assertRefused(() => video("96", ...many), /line 24: more than 16 layers/);
});

Deno.test("stream and track are read, the first of several", () => {
  assert.deepEqual(video("96", "a=msid:- t", "a=msid:s2 t").msid, { streamId: "-", trackId: "t" });
  assert.deepEqual(video("96", "a=msid:s").msid, { streamId: "s", trackId: "" });
  assert.equal(video("96").msid, undefined);
  assertRefused(() => video("96", "a=msid:"), /line 8: the stream of a=msid/);
  assertRefused(() => video("96", "a=msid:s t u"), /line 8: the track of a=msid/);
});

Deno.test("the port of SCTP is a port", () => {
  const data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel";

  assert.equal(section(data).sctpPort, 0);
  assertRefused(() => section(data, "a=sctp-port:65536"), /line 7: a=sctp-port/);
});
