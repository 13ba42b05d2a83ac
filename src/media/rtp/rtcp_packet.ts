/**
 * What RTCP packets have in common (RFC 3550, section 6.1): the numbers by which they are told apart
 * (IANA, "RTP Parameters") and their header. Reading and writing use it.
 */
import { writeUint16 } from "./bytes.ts";

/** RTCP packet types. */
export const PACKET_TYPES = {
  senderReport: 200,
  receiverReport: 201,
  sourceDescription: 202,
  goodbye: 203,
  transportFeedback: 205,
  payloadFeedback: 206,
} as const;

/** Formats of RTPFB, type 205. */
export const TRANSPORT_FORMATS = { nack: 1, transportWide: 15 } as const;

/** Formats of PSFB, type 206. */
export const PAYLOAD_FORMATS = { pictureLoss: 1, fullIntraRequest: 4, application: 15 } as const;

/** The item of a source description that names a participant (RFC 3550, section 6.5.1). */
export const CNAME_ITEM = 1;

/** "REMB", which tells this application's feedback from others'. */
export const BITRATE_ESTIMATE_ID = 0x52454d42;

/** Bytes of a report block. */
export const REPORT_BLOCK_BYTES = 24;

/** The count of the header has five bits. */
export const MAX_COUNT = 31;

/** What a packet begins with, and how much follows. */
export type RtcpHeader = {
  readonly type: number;
  /** How many blocks follow, or the format of a feedback message. */
  readonly count: number;
  readonly contentBytes: number;
};

/** A packet with its header, and zeros up to a whole word. */
export function newRtcpPacket({ type, count, contentBytes }: RtcpHeader): Uint8Array {
  const words = Math.ceil(contentBytes / 4);
  const packet = new Uint8Array(4 + words * 4);
  packet[0] = 0x80 | count;
  packet[1] = type;
  writeUint16(packet, 2, words);
  return packet;
}
