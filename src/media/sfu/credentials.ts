/**
 * What a transport is known by before it exists: ICE credentials and the SSRCs of what we send. Both
 * are unguessable, for whoever knows them can disturb a connection.
 */
import type { IceParameters } from "./transport.ts";

/** RFC 8839, section 5.4, allows letters, digits, `+` and `/`; letters and digits need no escaping. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** Largest multiple of the alphabet's length that a byte can hold: beyond it letters would be unequal. */
const FAIR_BYTES = 256 - 256 % ALPHABET.length;
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
    const [ssrc = 0] = crypto.getRandomValues(new Uint32Array(1));
    if (ssrc === 0 || taken.has(ssrc)) continue;
    taken.add(ssrc);
    return ssrc;
  }
}

/** A random 16-bit start for sequence numbers (RFC 3550, section 5.1). */
export function randomSequenceNumber(): number {
  return crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
}

function randomText(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < FAIR_BYTES && text.length < length) text += ALPHABET[byte % ALPHABET.length];
    }
  }
  return text;
}
