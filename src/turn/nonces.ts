/**
 * Nonces that need no memory: each is a time, and the proof that this server gave it to that address.
 * Whoever only pretends to be at an address never sees one, and costs no check of a signature.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../base/mod.ts";

/** A nonce is good so long and twice as long at most; RFC 8656, section 5 wants an hour. */
const PERIOD_MS = 1_800_000;
/** Characters of the proof: 72 bits. */
const PROOF_LENGTH = 12;

/** Makes and checks nonces. */
export class Nonces {
  readonly #clock: Clock;
  readonly #key: string;

  /** `key` is known to nobody else, and need not outlive the server. */
  constructor(clock: Clock, key: string) {
    this.#clock = clock;
    this.#key = key;
  }

  /** One for whoever sends from `address`. */
  make(address: string): string {
    return this.#at(address, this.#period());
  }

  /** Whether it was made for that address, lately. */
  isGood(nonce: Uint8Array, address: string): boolean {
    const period = this.#period();
    return [period, period - 1].some((at) => {
      const expected = new TextEncoder().encode(this.#at(address, at));
      return expected.length === nonce.length && timingSafeEqual(expected, nonce);
    });
  }

  #period(): number {
    return Math.floor(this.#clock.elapsed() / PERIOD_MS);
  }

  #at(address: string, period: number): string {
    const proof = createHmac("sha1", this.#key).update(`${period} ${address}`).digest("base64url");
    return `${period.toString(36)}.${proof.slice(0, PROOF_LENGTH)}`;
  }
}
