/**
 * An RTP stream as its sender keeps it: the numbers of its packets, those that may be asked for again
 * (RFC 4588), and the reports that lay its timestamps into the sender's time (RFC 3550, section
 * 6.4.1).
 */
import { toNtp } from "../../src/media/rtp/ntp.ts";
import { buildRtpPacket, type RtpExtension, RtpPacket } from "../../src/media/rtp/packet.ts";
import { joinRtcp, writeSenderReport, writeSourceDescription } from "../../src/media/rtp/rtcp.ts";
import { randomSequenceNumber } from "../../src/media/sfu/credentials.ts";

/** Packets that can be sent again: some seconds of a synthetic picture. */
const KEPT_PACKETS = 512;

/** What a stream is made with. */
export type OutgoingStreamOptions = {
  readonly ssrc: number;
  readonly payloadType: number;
  /** Of the stream that repeats this one; 0: nothing is repeated. */
  readonly rtxSsrc: number;
  readonly rtxPayloadType: number;
  readonly cname: string;
  /** In every packet. */
  readonly extensions: readonly RtpExtension[];
};

/** A packet to be made. */
export type OutgoingPacket = {
  readonly payload: Uint8Array;
  readonly timestamp: number;
  readonly marker: boolean;
};

/** One stream. */
export class OutgoingStream {
  readonly ssrc: number;
  /** Packets that were made. */
  packets = 0;
  /** Packets that were made again. */
  repeated = 0;
  readonly #options: OutgoingStreamOptions;
  readonly #kept: (Uint8Array | undefined)[] = [];
  readonly #reader = new RtpPacket();
  #sequenceNumber = randomSequenceNumber();
  #rtxSequenceNumber = randomSequenceNumber();
  #octets = 0;

  /** Nothing is sent yet. */
  constructor(options: OutgoingStreamOptions) {
    this.ssrc = options.ssrc;
    this.#options = options;
  }

  /** The next packet. */
  next({ payload, timestamp, marker }: OutgoingPacket): Uint8Array {
    const { ssrc, payloadType, extensions } = this.#options;
    const sequenceNumber = this.#sequenceNumber = this.#sequenceNumber + 1 & 0xffff;
    const packet = buildRtpPacket({
      ...{ ssrc, payloadType, sequenceNumber, timestamp, marker, payload, extensions },
    });
    this.packets++;
    this.#octets += payload.length;
    if (this.#options.rtxSsrc !== 0) this.#kept[sequenceNumber % KEPT_PACKETS] = packet;
    return packet;
  }

  /** The packet of that number once more, in the repair stream; undefined: it is not kept. */
  again(sequenceNumber: number): Uint8Array | undefined {
    const { rtxSsrc, rtxPayloadType, extensions } = this.#options;
    const kept = this.#kept[sequenceNumber % KEPT_PACKETS];
    const reader = this.#reader;
    if (kept === undefined || !reader.read(kept)) return undefined;
    if (reader.sequenceNumber !== sequenceNumber) return undefined;
    const payload = new Uint8Array(2 + reader.payloadEnd - reader.payloadStart);
    payload[0] = sequenceNumber >> 8;
    payload[1] = sequenceNumber;
    payload.set(kept.subarray(reader.payloadStart, reader.payloadEnd), 2);
    this.repeated++;
    this.#rtxSequenceNumber = this.#rtxSequenceNumber + 1 & 0xffff;
    return buildRtpPacket({
      ssrc: rtxSsrc,
      payloadType: rtxPayloadType,
      sequenceNumber: this.#rtxSequenceNumber,
      timestamp: reader.timestamp,
      marker: reader.marker,
      extensions,
      payload,
    });
  }

  /** What was sent so far, and that it is `timestamp` now, at `epochMs` since 1970. */
  report(epochMs: number, timestamp: number): Uint8Array {
    const { ssrc, cname } = this.#options;
    const { high, low } = toNtp(epochMs);
    const report = writeSenderReport({
      ssrc,
      ntpHigh: high,
      ntpLow: low,
      rtpTimestamp: timestamp,
      packetCount: this.packets,
      octetCount: this.#octets,
      reports: [],
    });
    return joinRtcp(report, writeSourceDescription(ssrc, cname));
  }
}
