/**
 * What a transport is known by before it exists: ICE credentials and the SSRCs of what we send. Both
 * are unguessable, for whoever knows them can disturb a connection.
 */
import { systemRandom } from "../../base/mod.ts";
import type { IceParameters } from "./transport.ts";

/** RFC 8839, section 5.4, allows letters, digits, `+` and `/`; letters and digits need no escaping. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** 47 bits; the RFC demands 24. */
const USERNAME_FRAGMENT_LENGTH = 8;
/** 142 bits; the RFC demands 128. */
const PASSWORD_LENGTH = 24;

/** New credentials for one transport. */
export function createIceParameters(): IceParameters {
  return {
    usernameFragment: randomText(USERNAME_FRAGMENT_LENGTH),
    password: randomText(PASSWORD_LENGTH),
  };
}

/** A synchronization source (RFC 3550, section 8.1) that `taken` does not hold yet; it is added. */
export function createSsrc(taken: Set<number>): number {
  for (;;) {
    const ssrc = systemRandom.below(2 ** 32);
    if (ssrc === 0 || taken.has(ssrc)) continue;
    taken.add(ssrc);
    return ssrc;
  }
}

/** A random 16-bit start for sequence numbers (RFC 3550, section 5.1). */
export function randomSequenceNumber(): number {
  return systemRandom.below(2 ** 16);
}

function randomText(length: number): string {
  let text = "";
  while (text.length < length) text += ALPHABET[systemRandom.below(ALPHABET.length)];
  return text;
}
