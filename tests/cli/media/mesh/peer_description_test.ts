/** What headless participants write to each other, and read of browsers. */
import assert from "node:assert/strict";
import {
  peerAnswer,
  peerOffer,
  readPeerDescription,
  type SentSources,
} from "../../../../cli/media/mesh/peer_description.ts";
import { DescriptionError } from "../../../../cli/media/server_description.ts";

const FINGERPRINT = { algorithm: "sha-256", value: Array(32).fill("AB").join(":") };
const client = (name: string) => ({
  ice: { usernameFragment: `${name}frag`, password: `${name}${"p".repeat(24)}` },
  fingerprint: FINGERPRINT,
});
const SENT: SentSources = new Map([
  ["microphone", { codec: "opus", ssrc: 1, rtxSsrc: 0 }],
  ["camera", { codec: "H264", ssrc: 2, rtxSsrc: 3 }],
]);

Deno.test("peerOffer has an m-line for each thing that a page may send, and what is sent comes first", () => {
  const offer = readPeerDescription(peerOffer(client("ann"), { sent: SENT, cname: "ann" }));

  assert.deepEqual(offer.lines.map(({ mid, isVideo }) => [mid, isVideo]), [
    ...[["0", false], ["1", true], ["2", true], ["3", false]],
  ]);
  assert.deepEqual(offer.lines[1]!.codecs.map(({ name }) => name), ["H264", "VP8", "VP9", "AV1"]);
  assert.deepEqual(offer.lines[1]!.sources, [{ ssrc: 2, rtxSsrc: 3 }]);
  assert.deepEqual(offer.lines[0]!.sources, [{ ssrc: 1, rtxSsrc: 0 }]);
  assert.deepEqual(offer.sections.map(({ direction }) => direction), [
    ...["sendrecv", "sendrecv", "recvonly", "recvonly"],
  ]);
  assert.equal(offer.remote.setup, "actpass");
  assert.equal(offer.remote.usernameFragment, "annfrag");
});

Deno.test("peerAnswer takes every m-line that is known, sends what is taken, and refuses data", () => {
  const text = peerOffer(client("ann"), { sent: SENT, cname: "ann" })
    .replace("a=group:BUNDLE 0 1 2 3", "a=group:BUNDLE 0 1 2 3 4") +
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:4\r\n" +
    "a=ice-ufrag:annfrag\r\na=ice-pwd:annpppppppppppppppppppppppp\r\na=sctp-port:5000\r\n";
  const offer = readPeerDescription(text);
  const own = { codec: "VP9", ssrc: 9, rtxSsrc: 10, source: "camera" } as const;

  const sdp = peerAnswer(client("bob"), {
    ...{ offer, cname: "bob", version: 1, sent: new Map([["1", own]]) },
  });
  const answer = readPeerDescription(sdp);

  assert.match(sdp, /^a=group:BUNDLE 0 1 2 3\r$/m);
  assert.match(sdp, /^m=application 0 /m);
  assert.deepEqual(answer.sections.map(({ direction }) => direction).slice(0, 4), [
    ...["recvonly", "sendrecv", "inactive", "inactive"],
  ]);
  assert.equal(answer.lines[1]!.codecs[0]!.name, "VP9");
  assert.deepEqual(answer.lines[1]!.sources, [{ ssrc: 9, rtxSsrc: 10 }]);
  assert.equal(answer.remote.setup, "active");
  assert.equal(answer.lines[4]!.isRejected, true);
});

Deno.test("peerAnswer waits for whoever wants to begin", () => {
  const text = peerOffer(client("ann"), { sent: SENT, cname: "ann" })
    .replaceAll("a=setup:actpass", "a=setup:active");
  const offer = readPeerDescription(text);

  const sdp = peerAnswer(client("bob"), { offer, cname: "bob", version: 1, sent: new Map() });

  assert.equal(readPeerDescription(sdp).remote.setup, "passive");
});

Deno.test("readPeerDescription reads candidates, and refuses what says nothing of its transport", () => {
  const sdp = peerOffer(client("ann"), { sent: SENT, cname: "ann" });
  const line = "a=candidate:1 1 udp 1 192.0.2.7 5000 typ host\r\n";

  assert.deepEqual(readPeerDescription(sdp + line).candidates, [line.slice(2).trimEnd()]);
  for (const bad of ["", "v=0\r\n", sdp.replace(/a=ice-pwd.*\r\n/g, "")]) {
    assert.throws(() => readPeerDescription(bad), DescriptionError);
  }
});
