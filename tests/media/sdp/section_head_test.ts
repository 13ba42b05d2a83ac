/** The m-line itself. */
import assert from "node:assert/strict";
import { readSectionHead } from "../../../src/media/sdp/section_head.ts";
import { assertRefused, section } from "./fixtures.ts";

Deno.test("readSectionHead reads kind, port, protocol and formats", () => {
  const read = (value: string) => readSectionHead({ number: 5, type: "m", value });

  assert.deepEqual(read("audio 9 UDP/TLS/RTP/SAVPF 111 0 "), {
    ...{ kind: "audio", port: 9, protocol: "UDP/TLS/RTP/SAVPF", formats: ["111", "0"] },
  });
  assert.deepEqual(read("video 5004/2 RTP/AVP 96"), {
    ...{ kind: "video", port: 5_004, protocol: "RTP/AVP", formats: ["96"] },
  });
  assert.deepEqual(read("application 0 TCP/DTLS/SCTP webrtc-datachannel"), {
    ...{ kind: "application", port: 0, protocol: "TCP/DTLS/SCTP" },
    formats: ["webrtc-datachannel"],
  });
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
