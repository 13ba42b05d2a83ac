/**
 * Session descriptions and candidates of the size that browsers send, each holding the time it was
 * sent at.
 */
import { SENT_AT } from "../timed_frame.ts";

const SDP_BYTES = 3_000;
const CRLF = "\r\n";
const HEAD = [
  "v=0",
  "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  `a=x-${SENT_AT}`,
  "a=group:BUNDLE 0 1",
  "a=extmap-allow-mixed",
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99",
  "c=IN IP4 0.0.0.0",
  "a=ice-ufrag:EsAw",
  "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1",
  "a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:" +
  "5E:EA:6F:AF:52:CE:E6:0F",
  "a=setup:actpass",
  "a=mid:0",
];

/** About 3 kB of offer or answer. */
export function sessionDescription(): string {
  const lines = [...HEAD];
  for (let payload = 96; lines.join(CRLF).length < SDP_BYTES; payload++) {
    lines.push(
      `a=rtpmap:${payload} VP8/90000`,
      `a=rtcp-fb:${payload} goog-remb`,
      `a=rtcp-fb:${payload} transport-cc`,
      `a=rtcp-fb:${payload} nack pli`,
    );
  }
  return lines.join(CRLF) + CRLF;
}

/** About 200 B of candidate, as RTCIceCandidateInit. */
export function candidate(): Record<string, unknown> {
  return {
    candidate: "candidate:842163049 1 udp 1677729535 192.0.2.34 46154 typ srflx raddr 0.0.0.0 " +
      `rport 0 generation 0 ufrag EsAw network-cost 999 x-${SENT_AT}`,
    sdpMid: "0",
    sdpMLineIndex: 0,
  };
}
