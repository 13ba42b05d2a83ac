/** What the addon sees of a browser's description, and what it must never see. */
import assert from "node:assert/strict";
import {
  checkIce,
  peerCandidate,
  stubOffer,
  stubPeer,
  stubServerOffer,
} from "../../../src/media/child/stub_offer.ts";
import { MediaError } from "../../../src/media/port.ts";
import type { RemoteParameters } from "../../../src/media/sfu/transport.ts";

const REMOTE: RemoteParameters = {
  usernameFragment: "a+/9",
  password: "abcdefghijklmnopqrstuv",
  fingerprint: { algorithm: "SHA-256", value: Array(32).fill("0a").join(":") },
  setup: "actpass",
};
const LONG = "x".repeat(257);

function refuses(remote: Partial<RemoteParameters>, expected: RegExp): void {
  assert.throws(
    () => stubOffer({ ...REMOTE, ...remote }, true),
    (error) =>
      error instanceof MediaError && error.code === "bad-description" &&
      expected.test(error.message),
    JSON.stringify(remote),
  );
}

Deno.test("stubOffer has one media line, the browser's side of the transport, and leaves us passive", () => {
  const lines = stubOffer(REMOTE, false).split("\r\n");

  assert.deepEqual(lines.filter((line) => line.startsWith("m=")), [
    "m=video 9 UDP/TLS/RTP/SAVPF 96",
  ]);
  for (
    const line of [
      "a=group:BUNDLE raw",
      "a=ice-ufrag:a+/9",
      "a=ice-pwd:abcdefghijklmnopqrstuv",
      `a=fingerprint:sha-256 ${Array(32).fill("0A").join(":")}`,
      "a=setup:active",
    ]
  ) assert.ok(lines.includes(line), line);
  assert.equal(lines.at(-1), "");
});

Deno.test("stubOffer has a data line where there is one, in the same bundle", () => {
  const offer = stubOffer(REMOTE, true);

  assert.match(offer, /^a=group:BUNDLE raw data\r$/m);
  assert.match(offer, /^m=application 9 UDP\/DTLS\/SCTP webrtc-datachannel\r$/m);
  assert.match(offer, /^a=max-message-size:262144\r$/m);
});

Deno.test("stubOffer refuses credentials that would end the process, or write lines of their own", () => {
  for (
    const usernameFragment of ["", "abc", LONG, "abc def", "abcd\r\na=x:y", "ab\u00e9d", "abcd\0"]
  ) {
    refuses({ usernameFragment }, /a=ice-ufrag/);
  }
  for (const password of ["", "x".repeat(21), LONG, `${"x".repeat(22)}\n`, "x y".repeat(9)]) {
    refuses({ password }, /a=ice-pwd/);
  }
});

Deno.test("stubOffer refuses fingerprints that are none, and hashes that are weak", () => {
  const { value } = REMOTE.fingerprint;
  for (const algorithm of ["sha-1", "md5", "", "sha-256 sha-256"]) {
    refuses({ fingerprint: { algorithm, value } }, /its hash must be sha-256/);
  }
  for (
    const bad of ["", value.slice(3), `${value}:0A`, value.replace("0a", "0g"), `${value}\r\n`]
  ) {
    refuses({ fingerprint: { algorithm: "sha-256", value: bad } }, /32 bytes in hexadecimal/);
  }
});

Deno.test("stubOffer takes the longer hashes at their length", () => {
  for (const [algorithm, bytes] of [["sha-384", 48], ["sha-512", 64]] as const) {
    const value = Array(bytes).fill("FF").join(":");
    const offer = stubOffer({ ...REMOTE, fingerprint: { algorithm, value } }, false);

    assert.ok(offer.includes(`a=fingerprint:${algorithm} ${value}\r\n`));
  }
});

Deno.test("stubOffer refuses a browser that waits for us to begin", () => {
  refuses({ setup: "passive" }, /a=setup:passive/);
  assert.match(stubOffer({ ...REMOTE, setup: "active" }, false), /a=setup:active/);
});

Deno.test("checkIce holds the bounds of RFC 8839 to the letter", () => {
  checkIce({ usernameFragment: "abcd", password: "x".repeat(22) });
  checkIce({ usernameFragment: "x".repeat(256), password: "x".repeat(256) });
  assert.throws(() => checkIce({ usernameFragment: "abc", password: "x".repeat(22) }), MediaError);
  assert.throws(
    () => checkIce({ usernameFragment: "abcd", password: "x".repeat(257) }),
    MediaError,
  );
});

const SERVER = {
  ...{ usernameFragment: "serv", password: "s".repeat(22), fingerprint: REMOTE.fingerprint },
  candidates: [{ address: "192.0.2.7", port: 50_000, priority: 2_130_706_431 }],
};

Deno.test("stubServerOffer has the server passive, says where it is, and not that it is ICE-lite", () => {
  const lines = stubServerOffer(SERVER).split("\r\n");

  for (
    const line of [
      "a=group:BUNDLE raw",
      "a=setup:passive",
      "a=ice-ufrag:serv",
      "a=candidate:1 1 udp 2130706431 192.0.2.7 50000 typ host",
      "a=end-of-candidates",
    ]
  ) assert.ok(lines.includes(line), line);
  assert.ok(!lines.includes("a=ice-lite"));
  assert.equal(lines.filter((line) => line.startsWith("m=")).length, 1);
});

Deno.test("stubServerOffer refuses what is no address, and a server without any", () => {
  const [candidate] = SERVER.candidates;
  for (
    const candidates of [
      [],
      [{ ...candidate!, address: "example.org" }],
      [{ ...candidate!, address: "192.0.2.7\r\na=x:y" }],
      [{ ...candidate!, port: 0 }],
      [{ ...candidate!, port: 65_536 }],
      [{ ...candidate!, priority: 0.5 }],
    ]
  ) {
    assert.throws(
      () => stubServerOffer({ ...SERVER, candidates }),
      (error) => error instanceof MediaError && /a=candidate/.test(error.message),
      JSON.stringify(candidates),
    );
  }
});

Deno.test("stubPeer says what the other participant says of itself, and that it may begin or wait", () => {
  for (const setup of ["active", "passive", "actpass"] as const) {
    const lines = stubPeer({ ...SERVER, setup }).split("\r\n");

    assert.ok(lines.includes(`a=setup:${setup}`));
    assert.equal(lines.filter((line) => line.startsWith("m=")).length, 1);
    assert.ok(!lines.some((line) => line.startsWith("a=candidate")));
  }
  assert.throws(() => stubPeer({ ...SERVER, password: "short", setup: "actpass" }), MediaError);
});

Deno.test("peerCandidate lets addresses over UDP pass, and no names", () => {
  const good =
    "candidate:842163049 1 udp 1677729535 192.0.2.7 46154 typ srflx raddr 10.0.0.1 rport 1";

  assert.equal(peerCandidate(`a=${good}\r\n`), good);
  assert.ok(peerCandidate("candidate:1 1 UDP 4294967295 fe80::1 9 typ host generation 0"));
  for (
    const bad of [
      "",
      "candidate:1 1 tcp 1 192.0.2.7 9 typ host tcptype active",
      "candidate:1 2 udp 1 192.0.2.7 9 typ host",
      "candidate:1 1 udp 1 d3b07384.local 9 typ host",
      "candidate:1 1 udp 4294967296 192.0.2.7 9 typ host",
      "candidate:1 1 udp 1 192.0.2.7 65536 typ host",
      "candidate:1 1 udp 1 192.0.2.7 9 typ host\r\na=setup:active",
      `candidate:1 1 udp 1 192.0.2.7 9 typ host ${"x".repeat(400)}`,
    ]
  ) assert.equal(peerCandidate(bad), undefined, bad);
});
