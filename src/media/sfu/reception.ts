/**
 * What a receiver knows of one stream: how much came, how much is missing, how even it comes, and what
 * the sender's last report said (RFC 3550, section 6.4 and appendix A).
 */
import { seqDelta } from "../rtp/sequence.ts";

/** A jump beyond this is another stream, not a loss (RFC 3550, appendix A.1: MAX_DROPOUT). */
const MAX_DROPOUT = 3_000;

/** A report block's figures (RFC 3550, section 6.4.1), but for the SSRC. */
export type ReceptionReport = {
  /** Since the report before, 0 to 1. */
  readonly fractionLost: number;
  readonly packetsLost: number;
  readonly highestSequenceNumber: number;
  /** In units of the timestamp. */
  readonly jitter: number;
};

/** The reception of one stream. */
export class Reception {
  readonly #clockRate: number;
  #isStarted = false;
  #first = 0;
  #highest = 0;
  #cycles = 0;
  #received = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #jitter = 0;
  #transit = 0;

  /** Nothing has come yet; `clockRate` in Hz. */
  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** The highest sequence number so far. */
  get highest(): number {
    return this.#highest;
  }

  /** Packets that came, doubles among them. */
  get received(): number {
    return this.#received;
  }

  /** Packets that never came so far; doubles hide some (RFC 3550, section 6.4.1). */
  get lost(): number {
    return this.#isStarted ? Math.max(0, this.#expected() - this.#received) : 0;
  }

  /**
   * Counts a packet that came at `at` (ms). Returns how far ahead of the highest number so far it
   * is: 1 in order, more with a gap, 0 or less when late or double, NaN when it begins the stream.
   */
  count(sequenceNumber: number, timestamp: number, at: number): number {
    if (!this.#isStarted) {
      this.#restart(sequenceNumber);
      this.#transit = this.#transitOf(timestamp, at);
      return Number.NaN;
    }
    const ahead = seqDelta(sequenceNumber, this.#highest);
    if (ahead > MAX_DROPOUT || ahead < -MAX_DROPOUT) {
      this.#restart(sequenceNumber);
      return Number.NaN;
    }
    this.#received++;
    if (ahead > 0) {
      if (sequenceNumber < this.#highest) this.#cycles += 0x10000;
      this.#highest = sequenceNumber;
    }
    const transit = this.#transitOf(timestamp, at);
    const change = Math.abs(transit - this.#transit);
    this.#transit = transit;
    // A change of a second or more is the timestamp going round or a source that jumped.
    if (change < this.#clockRate) this.#jitter += (change - this.#jitter) / 16;
    return ahead;
  }

  /** What a report says now; the fraction counts from the report before. */
  report(): ReceptionReport {
    const expected = this.#expected();
    const expectedNow = expected - this.#expectedBefore;
    const lostNow = expectedNow - (this.#received - this.#receivedBefore);
    this.#expectedBefore = expected;
    this.#receivedBefore = this.#received;
    return {
      fractionLost: expectedNow <= 0 || lostNow <= 0 ? 0 : lostNow / expectedNow,
      packetsLost: this.lost,
      highestSequenceNumber: this.#cycles + this.#highest,
      jitter: Math.round(this.#jitter),
    };
  }

  #restart(sequenceNumber: number): void {
    this.#isStarted = true;
    this.#first = this.#highest = sequenceNumber;
    this.#cycles = this.#expectedBefore = this.#receivedBefore = 0;
    this.#received = 1;
    this.#jitter = 0;
  }

  #expected(): number {
    return this.#cycles + this.#highest - this.#first + 1;
  }

  #transitOf(timestamp: number, at: number): number {
    return at * this.#clockRate / 1_000 - timestamp;
  }
}
