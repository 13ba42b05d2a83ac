/**
 * An m-line of a receiver: one SSRC whose publication may change. It tells packets apart, asks for
 * those that are missing (RFC 4585), counts what its reports say (RFC 3550), and holds the sender
 * reports of the server against the times at which the packets were truly sent.
 */
import { fromNtp, middleOfNtp } from "../../src/media/rtp/ntp.ts";
import type { ReportBlock, SenderReport } from "../../src/media/rtp/rtcp.ts";
import { seqDelta } from "../../src/media/rtp/sequence.ts";
import { MissingPackets } from "../../src/media/sfu/missing_packets.ts";
import { Reception } from "../../src/media/sfu/reception.ts";
import type { Publication } from "./publications.ts";
import type { ReceivedPacket } from "./received_packet.ts";
import type { RunTime } from "./run_time.ts";

/** Hertz. */
const CLOCK_RATES = { audio: 48_000, video: 90_000 };
/** How soon a packet that was asked for may be asked for again. */
const ROUND_TRIP_MS = 100;
/** Delays in reports are in 1/65536 of a second. */
const DELAY_UNITS_PER_MS = 65.536;
/** A report that comes sooner after a change may still be about what was before. */
const SETTLED_MS = 1_000;

/** An m-line as the server offered it. */
export type StreamOffer = {
  readonly mid: string;
  readonly isVideo: boolean;
  readonly ssrc: number;
  /** 0: nothing is repeated. */
  readonly rtxSsrc: number;
  /** The id of the extension that tells how loud a sound is; 0: there is none. */
  readonly audioLevelId: number;
};

/** What came last, to hold reports against. */
type Latest = {
  publication: Publication;
  readonly since: number;
  timestamp: number;
  sentTimestamp: number;
};

/** One m-line. */
export class IncomingStream {
  readonly offer: StreamOffer;
  /** Packets that were missing at first, those that were dropped on purpose among them. */
  gaps = 0;
  /** Packets that were dropped on purpose. */
  dropped = 0;
  readonly #time: RunTime;
  readonly #missing = new MissingPackets();
  readonly #reception: Reception;
  #number: number | undefined;
  #latest: Latest | undefined;
  #report: { readonly middle: number; readonly at: number } | undefined;

  /** Nothing has come yet. */
  constructor(offer: StreamOffer, time: RunTime) {
    this.offer = offer;
    this.#time = time;
    this.#reception = new Reception(offer.isVideo ? CLOCK_RATES.video : CLOCK_RATES.audio);
  }

  /**
   * The sequence number of a packet that came at `at`, which does not wrap. To be called once for each
   * packet, in the order in which they came.
   */
  number(packet: ReceivedPacket, at: number): number {
    const { rtp, isRepeated, sequenceNumber } = packet;
    if (this.#number === undefined) {
      if (!isRepeated) this.#reception.count(sequenceNumber, rtp.timestamp, at);
      return this.#number = sequenceNumber;
    }
    const highest = this.#number;
    const number = highest + seqDelta(sequenceNumber, highest & 0xffff);
    if (!isRepeated) this.#reception.count(sequenceNumber, rtp.timestamp, at);
    if (number > highest) {
      this.#number = number;
      this.gaps += number - highest - 1;
      if (this.offer.rtxSsrc !== 0) {
        this.#missing.skipped(highest & 0xffff, sequenceNumber, this.#time.attentive);
      }
    } else if (this.#missing.came(sequenceNumber) && !isRepeated) this.gaps--;
    return number;
  }

  /** Of `publication` a packet came at `at`. */
  carried(publication: Publication, { rtp, payload }: ReceivedPacket, at: number): void {
    const since = this.#latest?.publication === publication ? this.#latest.since : at;
    const { timestamp } = rtp;
    this.#latest = { publication, since, timestamp, sentTimestamp: payload.timestamp };
  }

  /** Sequence numbers to ask for now. */
  missing(): number[] {
    return this.#missing.due(this.#time.attentive, ROUND_TRIP_MS);
  }

  /** What a receiver report says of it at `at`; undefined: nothing has come yet. */
  reportBlock(at: number): ReportBlock | undefined {
    if (this.#number === undefined) return undefined;
    const report = this.#report;
    return {
      ssrc: this.offer.ssrc,
      ...this.#reception.report(),
      lastSenderReport: report?.middle ?? 0,
      delaySinceLastSenderReport: report === undefined
        ? 0
        : Math.round((at - report.at) * DELAY_UNITS_PER_MS),
    };
  }

  /**
   * Takes a sender report of the server that came at `at`, which is `epochMs` since 1970. Returns by
   * how many milliseconds it misplaces what came last, where that can be told.
   */
  senderReport(report: SenderReport, at: number, epochMs: number): number | undefined {
    const { ntpHigh, ntpLow, rtpTimestamp } = report;
    // A round trip would be told that is not the path's.
    this.#report = this.#time.isBehind ? undefined : { middle: middleOfNtp(ntpHigh, ntpLow), at };
    const latest = this.#latest;
    if (latest === undefined || at - latest.since < SETTLED_MS) return undefined;
    const { clock } = latest.publication;
    const placed = fromNtp(ntpHigh, ntpLow) +
      (latest.timestamp - rtpTimestamp | 0) * 1_000 / clock.clockRate;
    const truth = epochMs - at + clock.timeOf(latest.sentTimestamp, at);
    return placed - truth;
  }
}
