/**
 * Writes RTCP messages, each as a packet of its own; `joinRtcp` makes a compound of them. Numbers are
 * cut to the bits that their field has.
 */
import { writeUint16, writeUint24, writeUint32 } from "./bytes.ts";
import type { ReportBlock, SenderReport } from "./rtcp.ts";
import {
  BITRATE_ESTIMATE_ID,
  CNAME_ITEM,
  PACKET_TYPES,
  PAYLOAD_FORMATS,
  REPORT_BLOCK_BYTES,
  TRANSPORT_FORMATS,
} from "./rtcp_types.ts";

/** The count of the header has five bits. */
const MAX_COUNT = 31;
const MAX_LOST = 0x7fffff;
/** A length of one byte. */
const MAX_TEXT_BYTES = 255;
const MAX_ESTIMATE_SSRCS = 255;
const MANTISSA_END = 2 ** 18;
const MAX_EXPONENT = 63;

/** What we sent of a stream. Reports beyond 31 are left out: they belong into another packet. */
export function writeSenderReport(report: Omit<SenderReport, "type">): Uint8Array {
  const reports = report.reports.slice(0, MAX_COUNT);
  const packet = newPacket(PACKET_TYPES.senderReport, reports.length, {
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
  const packet = newPacket(PACKET_TYPES.receiverReport, written.length, {
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
  const packet = newPacket(PACKET_TYPES.sourceDescription, 1, { contentBytes: 4 + itemBytes });
  writeUint32(packet, 4, ssrc);
  packet[8] = CNAME_ITEM;
  packet[9] = text.length;
  packet.set(text, 10);
  return packet;
}

/** These streams end. Those beyond 31 are left out: they belong into another packet. */
export function writeGoodbye(ssrcs: readonly number[]): Uint8Array {
  const written = ssrcs.slice(0, MAX_COUNT);
  const packet = newPacket(PACKET_TYPES.goodbye, written.length, {
    contentBytes: written.length * 4,
  });
  written.forEach((ssrc, index) => writeUint32(packet, 4 + index * 4, ssrc));
  return packet;
}

/** Asks for packets again. Numbers in rising order take the least room. */
export function writeNack(
  senderSsrc: number,
  mediaSsrc: number,
  sequenceNumbers: readonly number[],
): Uint8Array {
  const entries: { first: number; following: number }[] = [];
  for (const sequenceNumber of sequenceNumbers) {
    const entry = entries.at(-1);
    const ahead = entry === undefined ? 0 : sequenceNumber - entry.first & 0xffff;
    if (entry === undefined || ahead > 16) entries.push({ first: sequenceNumber, following: 0 });
    else if (ahead > 0) entry.following |= 1 << ahead - 1;
  }
  const packet = newFeedback(
    PACKET_TYPES.transportFeedback,
    TRANSPORT_FORMATS.nack,
    { senderSsrc, mediaSsrc, contentBytes: entries.length * 4 },
  );
  entries.forEach(({ first, following }, index) => {
    writeUint16(packet, 12 + index * 4, first);
    writeUint16(packet, 14 + index * 4, following);
  });
  return packet;
}

/** Asks for a key frame. */
export function writePictureLoss(senderSsrc: number, mediaSsrc: number): Uint8Array {
  return newFeedback(
    PACKET_TYPES.payloadFeedback,
    PAYLOAD_FORMATS.pictureLoss,
    { senderSsrc, mediaSsrc, contentBytes: 0 },
  );
}

/** Asks for a key frame of each stream; another `requestNumber` is another request. */
export function writeFullIntraRequest(
  senderSsrc: number,
  ssrcs: readonly number[],
  requestNumber: number,
): Uint8Array {
  const packet = newFeedback(
    PACKET_TYPES.payloadFeedback,
    PAYLOAD_FORMATS.fullIntraRequest,
    { senderSsrc, mediaSsrc: 0, contentBytes: ssrcs.length * 8 },
  );
  ssrcs.forEach((ssrc, index) => {
    writeUint32(packet, 12 + index * 8, ssrc);
    packet[16 + index * 8] = requestNumber;
  });
  return packet;
}

/** What we believe to take of all `ssrcs` together, bits a second, rounded down to 18 digits. */
export function writeBitrateEstimate(
  senderSsrc: number,
  bitrate: number,
  ssrcs: readonly number[],
): Uint8Array {
  const written = ssrcs.slice(0, MAX_ESTIMATE_SSRCS);
  const packet = newFeedback(
    PACKET_TYPES.payloadFeedback,
    PAYLOAD_FORMATS.application,
    { senderSsrc, mediaSsrc: 0, contentBytes: 8 + written.length * 4 },
  );
  let mantissa = Math.max(0, Math.floor(bitrate));
  let exponent = 0;
  while (mantissa >= MANTISSA_END && exponent < MAX_EXPONENT) {
    mantissa = Math.floor(mantissa / 2);
    exponent++;
  }
  writeUint32(packet, 12, BITRATE_ESTIMATE_ID);
  packet[16] = written.length;
  writeUint24(packet, 17, exponent << 18 | Math.min(mantissa, MANTISSA_END - 1));
  written.forEach((ssrc, index) => writeUint32(packet, 20 + index * 4, ssrc));
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

/** A header, and zeros up to a whole word. `count` is a format where the type has formats. */
function newPacket(
  type: number,
  count: number,
  { contentBytes }: { contentBytes: number },
): Uint8Array {
  const words = Math.ceil(contentBytes / 4);
  const packet = new Uint8Array(4 + words * 4);
  packet[0] = 0x80 | count;
  packet[1] = type;
  writeUint16(packet, 2, words);
  return packet;
}

function newFeedback(
  type: number,
  format: number,
  content: { senderSsrc: number; mediaSsrc: number; contentBytes: number },
): Uint8Array {
  const packet = newPacket(type, format, { contentBytes: 8 + content.contentBytes });
  writeUint32(packet, 4, content.senderSsrc);
  writeUint32(packet, 8, content.mediaSsrc);
  return packet;
}
