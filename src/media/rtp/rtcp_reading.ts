/**
 * Reads compound RTCP packets. What browsers send is not trusted: every length is checked, and what
 * is broken ends the reading; what stood before it counts.
 */
import { byteAt, uint16At, uint24At, uint32At } from "./bytes.ts";
import { readPayloadFeedback, readTransportLayerFeedback } from "./rtcp_feedback_reading.ts";
import type { ReportBlock, RtcpMessage, SourceDescription } from "./rtcp.ts";
import { CNAME_ITEM, PACKET_TYPES, REPORT_BLOCK_BYTES } from "./rtcp_packet.ts";

/**
 * Packets that the feedback of one compound may tell of: far more than any browser does at once. A
 * run of 8,191 takes two bytes, so without it a small datagram would become a list of millions.
 */
const MAX_TOLD_PACKETS = 8_192;

/** The messages that we know of a compound packet, up to where it is broken. Never throws. */
export function readRtcp(bytes: Uint8Array): RtcpMessage[] {
  const messages: RtcpMessage[] = [];
  let left = MAX_TOLD_PACKETS;
  let at = 0;
  while (at + 4 <= bytes.length && byteAt(bytes, at) >> 6 === 2) {
    const end = at + (uint16At(bytes, at + 2) + 1) * 4;
    const paddingBytes = (byteAt(bytes, at) & 0x20) === 0 ? 0 : byteAt(bytes, end - 1);
    if (end > bytes.length || at + 4 > end - paddingBytes) break;
    const message = readMessage(bytes.subarray(at, end - paddingBytes), left);
    if (message === "broken") break;
    if (message !== "unknown") messages.push(message);
    if (typeof message === "object" && message.type === "transport-feedback") {
      left -= message.packets.length;
    }
    at = end;
  }
  return messages;
}

/** The message that `bytes` are, from its header on; at most `maxTold` packets in its feedback. */
function readMessage(bytes: Uint8Array, maxTold: number): RtcpMessage | "broken" | "unknown" {
  const count = byteAt(bytes, 0) & 0x1f;
  switch (byteAt(bytes, 1)) {
    case PACKET_TYPES.senderReport:
      return readSenderReport(bytes, count) ?? "broken";
    case PACKET_TYPES.receiverReport:
      return readReceiverReport(bytes, count) ?? "broken";
    case PACKET_TYPES.sourceDescription:
      return readSourceDescription(bytes, count) ?? "broken";
    case PACKET_TYPES.goodbye:
      return readGoodbye(bytes, count) ?? "broken";
    case PACKET_TYPES.transportFeedback:
      return readTransportLayerFeedback(bytes, count, maxTold);
    case PACKET_TYPES.payloadFeedback:
      return readPayloadFeedback(bytes, count);
    default:
      return "unknown";
  }
}

function readSenderReport(bytes: Uint8Array, count: number): RtcpMessage | undefined {
  const reports = readReports(bytes, 28, count);
  return reports && {
    type: "sender-report",
    ssrc: uint32At(bytes, 4),
    ntpHigh: uint32At(bytes, 8),
    ntpLow: uint32At(bytes, 12),
    rtpTimestamp: uint32At(bytes, 16),
    packetCount: uint32At(bytes, 20),
    octetCount: uint32At(bytes, 24),
    reports,
  };
}

function readReceiverReport(bytes: Uint8Array, count: number): RtcpMessage | undefined {
  const reports = readReports(bytes, 8, count);
  return reports && { type: "receiver-report", ssrc: uint32At(bytes, 4), reports };
}

function readReports(bytes: Uint8Array, start: number, count: number): ReportBlock[] | undefined {
  if (start + count * REPORT_BLOCK_BYTES > bytes.length) return undefined;
  const reports: ReportBlock[] = [];
  for (let at = start; reports.length < count; at += REPORT_BLOCK_BYTES) {
    reports.push({
      ssrc: uint32At(bytes, at),
      fractionLost: byteAt(bytes, at + 4) / 256,
      packetsLost: uint24At(bytes, at + 5) << 8 >> 8,
      highestSequenceNumber: uint32At(bytes, at + 8),
      jitter: uint32At(bytes, at + 12),
      lastSenderReport: uint32At(bytes, at + 16),
      delaySinceLastSenderReport: uint32At(bytes, at + 20),
    });
  }
  return reports;
}

function readSourceDescription(bytes: Uint8Array, count: number): RtcpMessage | undefined {
  const chunks: SourceDescription["chunks"][number][] = [];
  let at = 4;
  while (chunks.length < count) {
    if (at + 4 > bytes.length) return undefined;
    const ssrc = uint32At(bytes, at);
    let cname = "";
    at += 4;
    // An item of type 0 ends the chunk, and fills it up to a whole word.
    while (byteAt(bytes, at) !== 0) {
      const next = at + 2 + byteAt(bytes, at + 1);
      if (next > bytes.length) return undefined;
      if (byteAt(bytes, at) === CNAME_ITEM) cname = decoder.decode(bytes.subarray(at + 2, next));
      at = next;
    }
    at = (at >> 2) * 4 + 4;
    if (at > bytes.length) return undefined;
    chunks.push({ ssrc, cname });
  }
  return { type: "source-description", chunks };
}

/** What is no UTF-8 becomes replacement characters. */
const decoder = new TextDecoder();

function readGoodbye(bytes: Uint8Array, count: number): RtcpMessage | undefined {
  if (4 + count * 4 > bytes.length) return undefined;
  const ssrcs = Array.from({ length: count }, (_, index) => uint32At(bytes, 4 + index * 4));
  return { type: "goodbye", ssrcs };
}
