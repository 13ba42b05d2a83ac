/**
 * The reports of one slot (RFC 3550, section 6.4): those that we send tell the receiver how its
 * timestamps lie in time, and what it answers tells what it missed and how far away it is.
 */
import { middleOfNtp, toNtp } from "../rtp/ntp.ts";
import { type ReportBlock, writeSenderReport } from "../rtp/rtcp.ts";

/** Sender reports that a receiver's report can refer to. */
const KEPT_REPORTS = 4;
/** Delays in reports (RFC 3550, section 6.4.1) are in 1/65536 of a second. */
const DELAY_UNIT_MS = 1_000 / 65_536;

/** What a sender report says. */
export type SlotState = {
  readonly ssrc: number;
  readonly packets: number;
  /** Of payloads. */
  readonly bytes: number;
  /** The time of the source, and the timestamp that stands for it. */
  readonly ntpMs: number;
  readonly rtpTimestamp: number;
};

/** The reports about one stream to one receiver. */
export class SlotReports {
  /** Packets that the receiver missed since the begin. */
  lost = 0;
  /** Milliseconds; 0 until it is known. */
  roundTripMs = 0;
  readonly #sent: { readonly middle: number; readonly at: number }[] = [];
  #reportedNumber: number | undefined;

  /** A sender report of `at`. */
  write({ ssrc, packets, bytes, ntpMs, rtpTimestamp }: SlotState, at: number): Uint8Array {
    const { high, low } = toNtp(ntpMs);
    this.#sent.push({ middle: middleOfNtp(high, low), at });
    if (this.#sent.length > KEPT_REPORTS) this.#sent.shift();
    return writeSenderReport({
      ...{ ssrc, ntpHigh: high, ntpLow: low, rtpTimestamp, reports: [] },
      packetCount: packets,
      octetCount: bytes,
    });
  }

  /** Takes what the receiver says, which came at `at`. Returns how many packets that is about. */
  reported(block: ReportBlock, at: number): number {
    const { packetsLost, highestSequenceNumber, lastSenderReport } = block;
    this.lost = Math.max(0, packetsLost);
    const expected = highestSequenceNumber - (this.#reportedNumber ?? highestSequenceNumber);
    this.#reportedNumber = highestSequenceNumber;
    const report = this.#sent.find(({ middle }) => middle === lastSenderReport);
    if (report === undefined) return expected;
    const roundTripMs = at - report.at - block.delaySinceLastSenderReport * DELAY_UNIT_MS;
    if (roundTripMs >= 0) this.roundTripMs = roundTripMs;
    return expected;
  }
}
