/** Numbers by which RTCP packets are told apart (IANA, "RTP Parameters"); reading and writing use them. */

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
