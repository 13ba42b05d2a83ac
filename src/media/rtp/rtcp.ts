/**
 * RTCP (RFC 3550, section 6, and RFC 4585): the messages as values. Each peer of the SFU reads what
 * browsers send with `readRtcp` and answers with what the writers make.
 */
export { readRtcp } from "./rtcp_reading.ts";
export {
  writeBitrateEstimate,
  writeFullIntraRequest,
  writeNack,
  writePictureLoss,
} from "./rtcp_feedback_writing.ts";
export {
  joinRtcp,
  writeGoodbye,
  writeReceiverReport,
  writeSenderReport,
  writeSourceDescription,
} from "./rtcp_writing.ts";

/** A message of a compound packet. */
export type RtcpMessage =
  | SenderReport
  | ReceiverReport
  | SourceDescription
  | Goodbye
  | Nack
  | PictureLoss
  | FullIntraRequest
  | BitrateEstimate
  | TransportFeedbackReport;

/** What a receiver says of one stream (RFC 3550, section 6.4.1). */
export type ReportBlock = {
  readonly ssrc: number;
  /** 0 to 1, since the report before; steps of 1/256. */
  readonly fractionLost: number;
  /** Since the beginning, 24 bits with a sign: duplicates can make it negative. */
  readonly packetsLost: number;
  /** 32 bits: below the sequence number, above how often it has wrapped. */
  readonly highestSequenceNumber: number;
  /** Units of the stream's clock. */
  readonly jitter: number;
  /** The middle 32 bits of its NTP time; 0: none came yet. */
  readonly lastSenderReport: number;
  /** 1/65536 of a second since it came. */
  readonly delaySinceLastSenderReport: number;
};

/** RFC 3550, section 6.4.1. */
export type SenderReport = {
  readonly type: "sender-report";
  readonly ssrc: number;
  readonly ntpHigh: number;
  readonly ntpLow: number;
  readonly rtpTimestamp: number;
  readonly packetCount: number;
  readonly octetCount: number;
  readonly reports: readonly ReportBlock[];
};

/** RFC 3550, section 6.4.2. */
export type ReceiverReport = {
  readonly type: "receiver-report";
  readonly ssrc: number;
  readonly reports: readonly ReportBlock[];
};

/** RFC 3550, section 6.5. */
export type SourceDescription = {
  readonly type: "source-description";
  /** `cname` is empty where the chunk has none. */
  readonly chunks: readonly { readonly ssrc: number; readonly cname: string }[];
};

/** RFC 3550, section 6.6. */
export type Goodbye = { readonly type: "goodbye"; readonly ssrcs: readonly number[] };

/** Packets to be sent again (RFC 4585, section 6.2.1). */
export type Nack = {
  readonly type: "nack";
  readonly senderSsrc: number;
  readonly mediaSsrc: number;
  readonly sequenceNumbers: readonly number[];
};

/** A key frame is wanted (RFC 4585, section 6.3.1). */
export type PictureLoss = {
  readonly type: "picture-loss";
  readonly senderSsrc: number;
  readonly mediaSsrc: number;
};

/** A key frame is wanted of each (RFC 5104, section 4.3.1). */
export type FullIntraRequest = {
  readonly type: "full-intra-request";
  readonly ssrcs: readonly number[];
};

/** What the receiver believes to take of all `ssrcs` together (draft-alvestrand-rmcat-remb). */
export type BitrateEstimate = {
  readonly type: "bitrate-estimate";
  /** Bits a second. */
  readonly bitrate: number;
  readonly ssrcs: readonly number[];
};

/** When each packet of the transport arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01). */
export type TransportFeedbackReport = {
  readonly type: "transport-feedback";
  readonly mediaSsrc: number;
  readonly baseSequenceNumber: number;
  /** 8 bits, one more each time. */
  readonly feedbackCount: number;
  /** Of the receiver's clock, 24 bits of 64 ms with a sign. */
  readonly referenceTimeMs: number;
  /** In the order of their numbers; `undefined`: it has not arrived. */
  readonly packets: readonly {
    readonly sequenceNumber: number;
    readonly receivedAtMs: number | undefined;
  }[];
};
