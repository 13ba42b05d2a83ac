/**
 * Writes RTCP feedback (RFC 4585, section 6): what a receiver wants of a sender, each message as a
 * packet of its own. Numbers are cut to the bits of their field.
 */
import { writeUint16, writeUint24, writeUint32 } from "./bytes.ts";
import {
  BITRATE_ESTIMATE_ID,
  newRtcpPacket,
  PACKET_TYPES,
  PAYLOAD_FORMATS,
  type RtcpHeader,
  TRANSPORT_FORMATS,
} from "./rtcp_packet.ts";

const MAX_ESTIMATE_SSRCS = 255;
const MANTISSA_END = 2 ** 18;
const MAX_EXPONENT = 63;

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
  const packet = newFeedback({
    ...{ type: PACKET_TYPES.transportFeedback, count: TRANSPORT_FORMATS.nack },
    ...{ senderSsrc, mediaSsrc, contentBytes: entries.length * 4 },
  });
  entries.forEach(({ first, following }, index) => {
    writeUint16(packet, 12 + index * 4, first);
    writeUint16(packet, 14 + index * 4, following);
  });
  return packet;
}

/** Asks for a key frame. */
export function writePictureLoss(senderSsrc: number, mediaSsrc: number): Uint8Array {
  return newFeedback({
    ...{ type: PACKET_TYPES.payloadFeedback, count: PAYLOAD_FORMATS.pictureLoss },
    ...{ senderSsrc, mediaSsrc, contentBytes: 0 },
  });
}

/** Asks for a key frame of each stream; another `requestNumber` is another request. */
export function writeFullIntraRequest(
  senderSsrc: number,
  ssrcs: readonly number[],
  requestNumber: number,
): Uint8Array {
  const packet = newFeedback({
    ...{ type: PACKET_TYPES.payloadFeedback, count: PAYLOAD_FORMATS.fullIntraRequest },
    ...{ senderSsrc, mediaSsrc: 0, contentBytes: ssrcs.length * 8 },
  });
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
  const packet = newFeedback({
    ...{ type: PACKET_TYPES.payloadFeedback, count: PAYLOAD_FORMATS.application },
    ...{ senderSsrc, mediaSsrc: 0, contentBytes: 8 + written.length * 4 },
  });
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

/** A feedback message with both SSRCs, and room for what follows them. */
function newFeedback(
  { senderSsrc, mediaSsrc, contentBytes, ...header }: RtcpHeader & {
    readonly senderSsrc: number;
    readonly mediaSsrc: number;
  },
): Uint8Array {
  const packet = newRtcpPacket({ ...header, contentBytes: 8 + contentBytes });
  writeUint32(packet, 4, senderSsrc);
  writeUint32(packet, 8, mediaSsrc);
  return packet;
}
