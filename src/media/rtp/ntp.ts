/**
 * The timestamps of sender reports (RFC 3550, section 4): seconds since 1900 as 32 bits, and 32 bits
 * behind the point. Whoever sends or reads sender reports calls it.
 */

/** From the NTP epoch to the Unix epoch. */
const SECONDS_1900_TO_1970 = 2_208_988_800;
const TWO_TO_32 = 2 ** 32;

/** A moment as a sender report has it. */
export type NtpTime = {
  /** Whole seconds, modulo 2^32. */
  readonly high: number;
  /** 1/2^32 of a second. */
  readonly low: number;
};

/** A moment in milliseconds since the Unix epoch as NTP time. */
export function toNtp(ms: number): NtpTime {
  const wholeSeconds = Math.floor(ms / 1000);
  const low = Math.round((ms - wholeSeconds * 1000) / 1000 * TWO_TO_32);
  // A fraction that rounds up to a whole second carries.
  const carry = low === TWO_TO_32 ? 1 : 0;
  return {
    high: (wholeSeconds + carry + SECONDS_1900_TO_1970) % TWO_TO_32,
    low: carry === 1 ? 0 : low,
  };
}

/** Milliseconds since the Unix epoch, of the era that ends in 2036 or, below its half, the next. */
export function fromNtp(high: number, low: number): number {
  const era = high >= TWO_TO_32 / 2 ? 0 : TWO_TO_32;
  return (high + era - SECONDS_1900_TO_1970 + low / TWO_TO_32) * 1000;
}

/** The middle 32 bits, by which a report names a sender report: 1/65536 of a second, wrapping. */
export function middleOfNtp(high: number, low: number): number {
  return (high << 16 | low >>> 16) >>> 0;
}
