/**
 * Mends what keeps browsers behind TURN over TCP or TLS away: Chromium sends an ICE tie-breaker of
 * zero there, and the addon takes zero for none at all and answers "bad request" (libjuice, issue
 * 355). One, as good as any other number, is put in its place and the check is signed anew, with our
 * password, which both sides know. Pure.
 */
import { isSigned, readIceCheck, signed } from "./stun.ts";

/** What became of a datagram. */
export type Mended = {
  /** To be passed on. */
  readonly bytes: Uint8Array;
  /** Whether it was a check of somebody who knows our password. */
  readonly isAuthentic: boolean;
};

/** Looks at a datagram; `passwordOf` finds our password by our part of the user name. */
export function mendTieBreaker(
  bytes: Uint8Array,
  passwordOf: (usernameFragment: string) => string | undefined,
): Mended {
  const check = readIceCheck(bytes);
  const password = check && passwordOf(check.username.split(":", 1)[0] ?? "");
  if (check === undefined || password === undefined) return { bytes, isAuthentic: false };
  const { integrityAt, tieBreakerAt } = check;
  if (!isSigned(bytes, integrityAt, password)) return { bytes, isAuthentic: false };
  const isZero = bytes.subarray(tieBreakerAt, tieBreakerAt + 8).every((byte) => byte === 0);
  if (!isZero) return { bytes, isAuthentic: true };
  const changed = bytes.slice();
  changed[tieBreakerAt + 7] = 1;
  return { bytes: signed(changed, integrityAt, password), isAuthentic: true };
}
