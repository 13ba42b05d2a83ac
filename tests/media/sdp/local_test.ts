/** The server's own lines. */
import assert from "node:assert/strict";
import {
  headLines,
  joinLines,
  rejectedLines,
  sessionLines,
  transportLines,
} from "../../../src/media/sdp/local.ts";
import { LOCAL } from "./local_side.ts";

const HEAD = { kind: "video", mid: "7", protocol: "UDP/TLS/RTP/SAVPF", formats: [96, 97] };

Deno.test("sessionLines say that the server is ICE-lite, and what shares its transport", () => {
  assert.deepEqual(
    sessionLines({ version: 3, bundle: ["a", "b"], allowsMixedExtensions: true }),
    [
      ...["v=0", "o=- 1 3 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=ice-lite"],
      ...["a=group:BUNDLE a b", "a=extmap-allow-mixed"],
    ],
  );
  assert.deepEqual(
    sessionLines({ version: 3, bundle: [], allowsMixedExtensions: false }).slice(4),
    ["a=ice-lite"],
  );
});

Deno.test("headLines say port 9, whatever the candidates say, and the bound if there is one", () => {
  assert.deepEqual(headLines(HEAD), [
    ...["m=video 9 UDP/TLS/RTP/SAVPF 96 97", "c=IN IP4 0.0.0.0", "a=mid:7"],
  ]);
  assert.equal(headLines(HEAD, 2_500)[2], "b=AS:2500");
});

Deno.test("rejectedLines say port 0 and keep the tag", () => {
  assert.deepEqual(rejectedLines(HEAD), [
    ...["m=video 0 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=inactive", "a=mid:7"],
  ]);
  assert.deepEqual(rejectedLines({ ...HEAD, mid: "", formats: [] }), [
    ...["m=video 0 UDP/TLS/RTP/SAVPF 0", "c=IN IP4 0.0.0.0", "a=inactive"],
  ]);
});

Deno.test("transportLines give the candidates to the m-line that leads", () => {
  const { ice, fingerprint } = LOCAL;
  const common = [
    `a=ice-ufrag:${ice.usernameFragment}`,
    `a=ice-pwd:${ice.password}`,
    `a=fingerprint:sha-256 ${fingerprint.value}`,
  ];

  assert.deepEqual(transportLines(LOCAL, { setup: "passive", leads: false }), [
    ...[...common, "a=setup:passive"],
  ]);
  assert.deepEqual(transportLines(LOCAL, { setup: "actpass", leads: true }), [
    ...[...common, "a=setup:actpass"],
    "a=candidate:1 1 udp 2130706431 127.0.0.1 50000 typ host",
    "a=candidate:2 1 udp 2130706175 ::1 50000 typ host",
    "a=end-of-candidates",
  ]);
});

Deno.test("joinLines ends every line", () => {
  assert.equal(joinLines(["v=0", "s=-"]), "v=0\r\ns=-\r\n");
});
