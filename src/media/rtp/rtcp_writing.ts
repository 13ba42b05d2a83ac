/**
 * Writes RTCP reports and what else concerns whole streams (RFC 3550, section 6), each message as a
 * packet of its own; `joinRtcp` makes a compound of them. Numbers are cut to the bits of their field.
 */
import { writeUint24, writeUint32 } from "./bytes.ts";
import type { ReportBlock, SenderReport } from "./rtcp.ts";
import {
  CNAME_ITEM,
  MAX_COUNT,
  newRtcpPacket,
  PACKET_TYPES,
  REPORT_BLOCK_BYTES,
} from "./rtcp_packet.ts";

const MAX_LOST = 0x7fffff;
/** A length of one byte. */
const MAX_TEXT_BYTES = 255;

/** What we sent of a stream. Reports beyond 31 are left out: they belong into another packet. */
export function writeSenderReport(report: Omit<SenderReport, "type">): Uint8Array {
  const reports = report.reports.slice(0, MAX_COUNT);
  const packet = newRtcpPacket({
    type: PACKET_TYPES.senderReport,
    count: reports.length,
    contentBytes: 24 + reports.length * REPORT_BLOCK_BYTES,
  });
  writeUint32(packet, 4, report.ssrc);
  writeUint32(packet, 8, report.ntpHigh);
  writeUint32(packet, 12, report.ntpLow);
  writeUint32(packet, 16, report.rtpTimestamp);
  writeUint32(packet, 20, report.packetCount);
  writeUint32(packet, 24, report.octetCount);
  reports.forEach((block, index) => writeReport(packet, 28 + index * REPORT_BLOCK_BYTES, block));
  return packet;
}

/** What we received of streams. Reports beyond 31 are left out: they belong into another packet. */
export function writeReceiverReport(ssrc: number, reports: readonly ReportBlock[]): Uint8Array {
  const written = reports.slice(0, MAX_COUNT);
  const packet = newRtcpPacket({
    type: PACKET_TYPES.receiverReport,
    count: written.length,
    contentBytes: 4 + written.length * REPORT_BLOCK_BYTES,
  });
  writeUint32(packet, 4, ssrc);
  written.forEach((block, index) => writeReport(packet, 8 + index * REPORT_BLOCK_BYTES, block));
  return packet;
}

/** The canonical name of a stream. Throws RangeError beyond 255 bytes. */
export function writeSourceDescription(ssrc: number, cname: string): Uint8Array {
  const text = new TextEncoder().encode(cname);
  if (text.length > MAX_TEXT_BYTES) {
    throw new RangeError(`Cannot write a cname of ${text.length} bytes: 255 at most`);
  }
  // An item of type 0 ends the chunk; what is left of the word is 0 as well.
  const itemBytes = 2 + text.length + 1;
  const packet = newRtcpPacket({
    type: PACKET_TYPES.sourceDescription,
    count: 1,
    contentBytes: 4 + itemBytes,
  });
  writeUint32(packet, 4, ssrc);
  packet[8] = CNAME_ITEM;
  packet[9] = text.length;
  packet.set(text, 10);
  return packet;
}

/** These streams end. Those beyond 31 are left out: they belong into another packet. */
export function writeGoodbye(ssrcs: readonly number[]): Uint8Array {
  const written = ssrcs.slice(0, MAX_COUNT);
  const packet = newRtcpPacket({
    type: PACKET_TYPES.goodbye,
    count: written.length,
    contentBytes: written.length * 4,
  });
  written.forEach((ssrc, index) => writeUint32(packet, 4 + index * 4, ssrc));
  return packet;
}

/** Packets in a row: a compound packet. */
export function joinRtcp(...parts: readonly Uint8Array[]): Uint8Array {
  const compound = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    compound.set(part, at);
    at += part.length;
  }
  return compound;
}

function writeReport(packet: Uint8Array, at: number, block: ReportBlock): void {
  writeUint32(packet, at, block.ssrc);
  packet[at + 4] = Math.min(255, Math.max(0, Math.floor(block.fractionLost * 256)));
  writeUint24(packet, at + 5, Math.max(-MAX_LOST - 1, Math.min(MAX_LOST, block.packetsLost)));
  writeUint32(packet, at + 8, block.highestSequenceNumber);
  writeUint32(packet, at + 12, block.jitter);
  writeUint32(packet, at + 16, block.lastSenderReport);
  writeUint32(packet, at + 20, block.delaySinceLastSenderReport);
}
