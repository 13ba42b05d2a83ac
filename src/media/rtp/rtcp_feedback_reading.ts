/**
 * Reads the feedback messages of RTCP (RFC 4585, section 6). `rtcp_reading.ts` calls it with one
 * message from its header on; what it cannot read it calls broken, what it does not know, unknown.
 */
import { byteAt, uint16At, uint24At, uint32At } from "./bytes.ts";
import type { RtcpMessage } from "./rtcp.ts";
import { BITRATE_ESTIMATE_ID, PAYLOAD_FORMATS, TRANSPORT_FORMATS } from "./rtcp_packet.ts";
import { readTransportFeedback } from "./transport_feedback_reading.ts";

/** Both SSRCs stand behind the header of any feedback. */
const FEEDBACK_HEADER_BYTES = 12;

/** RTPFB: about the transport. */
export function readTransportLayerFeedback(
  bytes: Uint8Array,
  format: number,
  maxTold: number,
): RtcpMessage | "broken" | "unknown" {
  if (bytes.length < FEEDBACK_HEADER_BYTES) return "broken";
  switch (format) {
    case TRANSPORT_FORMATS.nack:
      return readNack(bytes);
    case TRANSPORT_FORMATS.transportWide:
      return readTransportFeedback(bytes, maxTold) ?? "broken";
    default:
      return "unknown";
  }
}

/** PSFB: about pictures, and, as it came about, bitrates. */
export function readPayloadFeedback(
  bytes: Uint8Array,
  format: number,
): RtcpMessage | "broken" | "unknown" {
  if (bytes.length < FEEDBACK_HEADER_BYTES) return "broken";
  switch (format) {
    case PAYLOAD_FORMATS.pictureLoss:
      return {
        type: "picture-loss",
        senderSsrc: uint32At(bytes, 4),
        mediaSsrc: uint32At(bytes, 8),
      };
    case PAYLOAD_FORMATS.fullIntraRequest:
      return readFullIntraRequest(bytes);
    case PAYLOAD_FORMATS.application:
      return readBitrateEstimate(bytes);
    default:
      return "unknown";
  }
}

/** RFC 4585, section 6.2.1: a number, and a bit for each of the 16 that follow it. */
function readNack(bytes: Uint8Array): RtcpMessage {
  const sequenceNumbers: number[] = [];
  for (let at = FEEDBACK_HEADER_BYTES; at + 4 <= bytes.length; at += 4) {
    const first = uint16At(bytes, at);
    const following = uint16At(bytes, at + 2);
    sequenceNumbers.push(first);
    for (let index = 0; index < 16; index++) {
      if ((following >> index & 1) === 1) sequenceNumbers.push(first + index + 1 & 0xffff);
    }
  }
  return {
    type: "nack",
    senderSsrc: uint32At(bytes, 4),
    mediaSsrc: uint32At(bytes, 8),
    sequenceNumbers,
  };
}

/** RFC 5104, section 4.3.1.1: eight bytes for each stream. */
function readFullIntraRequest(bytes: Uint8Array): RtcpMessage {
  const ssrcs: number[] = [];
  for (let at = FEEDBACK_HEADER_BYTES; at + 8 <= bytes.length; at += 8) {
    ssrcs.push(uint32At(bytes, at));
  }
  return { type: "full-intra-request", ssrcs };
}

/** draft-alvestrand-rmcat-remb, section 2.2. */
function readBitrateEstimate(bytes: Uint8Array): RtcpMessage | "broken" | "unknown" {
  if (uint32At(bytes, 12) !== BITRATE_ESTIMATE_ID) return "unknown";
  const count = byteAt(bytes, 16);
  if (20 + count * 4 > bytes.length) return "broken";
  const exponent = byteAt(bytes, 17) >> 2;
  const mantissa = uint24At(bytes, 17) & 0x3ffff;
  const ssrcs = Array.from({ length: count }, (_, index) => uint32At(bytes, 20 + index * 4));
  return { type: "bitrate-estimate", bitrate: mantissa * 2 ** exponent, ssrcs };
}
