/**
 * Arithmetic of numbers that wrap (RFC 3550, appendix A.1; RFC 1982). Whoever compares sequence
 * numbers or timestamps calls it; the difference is always the shorter way round.
 */

/** How far the 16-bit sequence number `a` is ahead of `b`: -32768 to 32767. */
export function seqDelta(a: number, b: number): number {
  return (a - b) << 16 >> 16;
}

/** Whether the 16-bit sequence number `a` comes after `b`. */
export function isNewer(a: number, b: number): boolean {
  return seqDelta(a, b) > 0;
}

/** How far the 32-bit timestamp `a` is ahead of `b`: -2^31 to 2^31 - 1. */
export function timestampDelta(a: number, b: number): number {
  return (a - b) | 0;
}
