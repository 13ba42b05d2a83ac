/**
 * How a sender's timestamps lie in its own time, as its last report says (RFC 3550, section 6.4.1).
 * Sound and picture of one sender share that time, which is what keeps lips and voice together.
 */

/** What a sender report says, and when it came. */
export type SenderClock = {
  /** The sender's wall clock, milliseconds since the Unix epoch, with a fraction. */
  readonly ntpMs: number;
  readonly rtpTimestamp: number;
  /** When it came, in milliseconds of a clock that never goes back. */
  readonly at: number;
  /** The middle 32 bits of its NTP time, which our reports repeat. */
  readonly middle: number;
};

/** The sender's wall clock at `at`. */
export function ntpMsAt(clock: SenderClock, at: number): number {
  return clock.ntpMs + (at - clock.at);
}

/** The sender's timestamp at `at`, for a clock of `clockRate` Hz. */
export function rtpTimestampAt(clock: SenderClock, at: number, clockRate: number): number {
  return (clock.rtpTimestamp + Math.round((at - clock.at) * clockRate / 1_000)) >>> 0;
}
