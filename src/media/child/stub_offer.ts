/**
 * The only description that the addon ever sees: an offer with one m-line, made of what a browser's
 * description says of its transport. With exactly one media line the addon hands every packet of the
 * bundle to it, whatever its SSRC. What goes in is checked here, because the addon ends the process
 * over some of what it does not like.
 */
import { isIP } from "node:net";
import { MediaError } from "../port.ts";
import type {
  Candidate,
  DtlsSetup,
  Fingerprint,
  IceParameters,
  RemoteParameters,
} from "../sfu/transport.ts";

/** Longest message of a data channel, both ways; what browsers take. */
export const MAX_MESSAGE_BYTES = 262_144;
/** The mid of the one media line. */
export const STUB_MID = "raw";
/** The payload type of its one codec; packets of any other pass as well. */
export const STUB_PAYLOAD_TYPE = 96;

/** RFC 8839, section 5.4. */
const ICE_CHARACTERS = /^[A-Za-z0-9+/]*$/;
const USERNAME_FRAGMENT = { name: "ice-ufrag", from: 4, to: 256 };
const PASSWORD = { name: "ice-pwd", from: 22, to: 256 };
/** Hash functions that are safe, with the length of what they give (RFC 8122, section 5). */
const HASH_BYTES: Record<string, number> = { "sha-256": 32, "sha-384": 48, "sha-512": 64 };
/** Foundation, component 1, protocol, priority, address, port; then its type and more. */
const PEER_CANDIDATE =
  /^(?:a=)?candidate:[\w+/]{1,64} 1 (\w+) (\d{1,10}) ([\w:.%-]+) (\d{1,5}) typ [ \w:.%+/-]{1,300}\r?\n?$/;
const HEXADECIMAL = /^[0-9A-F]{2}(:[0-9A-F]{2})*$/;

/** The offer; throws MediaError `bad-description` for what the addon must not see. */
export function stubOffer(remote: RemoteParameters, hasData: boolean): string {
  checkIce(remote);
  if (remote.setup === "passive") {
    throw new MediaError("bad-description", "Cannot connect: a=setup:passive, and so are we");
  }
  const data = [
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0",
    "a=mid:data",
    "a=sctp-port:5000",
    `a=max-message-size:${MAX_MESSAGE_BYTES}`,
  ];
  // We are passive, whatever the browser leaves open.
  return linesOf(remote, "active", hasData ? data : []);
}

/** A server that we are the client of, as its description says. */
export type ServerParameters = IceParameters & {
  readonly fingerprint: Fingerprint;
  /** At least one. */
  readonly candidates: readonly Candidate[];
};

/**
 * The offer of a server that is passive and ICE-lite; of the latter the addon is told nothing, because
 * it waits for a second where it is. Throws MediaError `bad-description`.
 */
export function stubServerOffer(server: ServerParameters): string {
  checkIce(server);
  const { candidates } = server;
  if (candidates.length === 0) {
    throw new MediaError(
      "bad-description",
      "Cannot connect: no a=candidate says where the server is",
    );
  }
  return linesOf(server, "passive", [...candidates.map(candidateLine), "a=end-of-candidates"]);
}

/**
 * A participant that we connect to directly: its offer, or its answer to ours. Its candidates follow
 * one by one. Throws MediaError `bad-description`.
 */
export function stubPeer(remote: RemoteParameters): string {
  checkIce(remote);
  return linesOf(remote, remote.setup, []);
}

/**
 * A candidate line (RFC 8839, section 5.1) that the addon may be told of: over UDP, and at an address,
 * for a name would have it ask a resolver, and wait for it. undefined: it is another one.
 */
export function peerCandidate(candidate: string): string | undefined {
  const [, protocol = "", priority, address = "", port] = PEER_CANDIDATE.exec(candidate) ?? [];
  const isUsable = protocol.toLowerCase() === "udp" && isIP(address) !== 0 &&
    isWithin(Number(port), 1, 65_535) && isWithin(Number(priority), 1, 2 ** 32 - 1);
  return isUsable ? candidate.replace(/^a=/, "").trimEnd() : undefined;
}

function linesOf(
  remote: IceParameters & { readonly fingerprint: Fingerprint },
  setup: DtlsSetup,
  more: readonly string[],
): string {
  const hasData = more.some((line) => line.startsWith("m="));
  return [
    "v=0",
    "o=- 1 1 IN IP4 0.0.0.0",
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${STUB_MID}${hasData ? " data" : ""}`,
    `a=ice-ufrag:${remote.usernameFragment}`,
    `a=ice-pwd:${remote.password}`,
    `a=fingerprint:${fingerprintOf(remote)}`,
    `a=setup:${setup}`,
    `m=video 9 UDP/TLS/RTP/SAVPF ${STUB_PAYLOAD_TYPE}`,
    "c=IN IP4 0.0.0.0",
    `a=mid:${STUB_MID}`,
    "a=sendrecv",
    "a=rtcp-mux",
    `a=rtpmap:${STUB_PAYLOAD_TYPE} VP8/90000`,
    ...more,
    "",
  ].join("\r\n");
}

/** Throws MediaError `bad-description` for credentials that are not as RFC 8839 has them. */
export function checkIce({ usernameFragment, password }: IceParameters): void {
  checkCharacters(usernameFragment, USERNAME_FRAGMENT);
  checkCharacters(password, PASSWORD);
}

function checkCharacters(
  text: string,
  { name, from, to }: { name: string; from: number; to: number },
): void {
  if (text.length >= from && text.length <= to && ICE_CHARACTERS.test(text)) return;
  throw new MediaError(
    "bad-description",
    `Cannot use a=${name}: it must have ${from} to ${to} letters, digits, + or /`,
  );
}

/** A name instead of an address would have the addon ask a resolver, and wait for it. */
function candidateLine({ address, port, priority }: Candidate, index: number): string {
  if (isIP(address) === 0 || !isWithin(port, 1, 65_535) || !isWithin(priority, 1, 2 ** 31 - 1)) {
    throw new MediaError("bad-description", "Cannot use a=candidate: it must be an IP address");
  }
  return `a=candidate:${index + 1} 1 udp ${priority} ${address} ${port} typ host`;
}

function isWithin(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}

function fingerprintOf({ fingerprint }: { readonly fingerprint: Fingerprint }): string {
  const algorithm = fingerprint.algorithm.toLowerCase();
  const value = fingerprint.value.toUpperCase();
  const bytes = HASH_BYTES[algorithm];
  if (bytes === undefined) {
    const known = Object.keys(HASH_BYTES).join(", ");
    throw new MediaError("bad-description", `Cannot use a=fingerprint: its hash must be ${known}`);
  }
  if (value.length !== bytes * 3 - 1 || !HEXADECIMAL.test(value)) {
    const expected = `${bytes} bytes in hexadecimal`;
    throw new MediaError("bad-description", `Cannot use a=fingerprint: it must be ${expected}`);
  }
  return `${algorithm} ${value}`;
}
