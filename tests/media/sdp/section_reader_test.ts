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

Deno.test("the port of SCTP is a port", () => {
  const data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel";

  assert.equal(section(data).sctpPort, 0);
  assertRefused(() => section(data, "a=sctp-port:65536"), /line 7: a=sctp-port/);
});
