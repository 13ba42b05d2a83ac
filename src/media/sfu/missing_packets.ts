/**
 * Which packets of a stream are missing and when to ask for them again (RFC 4585, section 6.2.1). What
 * is asked for too often, or is too old to be of use, is given up.
 */
import { seqDelta } from "../rtp/sequence.ts";

/** A gap is asked for after this long: what is only out of order fills it meanwhile. */
const FIRST_MS = 20;
/** Asked again no sooner than this, even on a short path. */
const MIN_RETRY_MS = 40;
/** Asked so often at most. */
const MAX_TRIES = 8;
/** Older than this it would come too late to be shown. */
const MAX_AGE_MS = 1_000;
/** More at once is an outage, and ends with a key frame. */
const MAX_MISSING = 256;

type Missing = {
  readonly sequenceNumber: number;
  readonly since: number;
  tries: number;
  at: number;
};

/** The missing packets of one stream. */
export class MissingPackets {
  #missing: Missing[] = [];

  /** How many are missing now. */
  get size(): number {
    return this.#missing.length;
  }

  /**
   * Those between `highest` and `next` did not come by `at` (ms). `false`: too many are missing, all
   * are given up.
   */
  skipped(highest: number, next: number, at: number): boolean {
    const count = seqDelta(next, highest) - 1;
    if (this.#missing.length + count > MAX_MISSING) {
      this.#missing = [];
      return false;
    }
    for (let n = 1; n <= count; n++) {
      const sequenceNumber = (highest + n) & 0xffff;
      this.#missing.push({ sequenceNumber, since: at, tries: 0, at: at + FIRST_MS });
    }
    return true;
  }

  /** One came after all. Returns whether it was missing. */
  came(sequenceNumber: number): boolean {
    const index = this.#missing.findIndex((one) => one.sequenceNumber === sequenceNumber);
    if (index < 0) return false;
    this.#missing.splice(index, 1);
    return true;
  }

  /** Those to ask for at `at`; `roundTripMs` tells when an answer could have come. */
  due(at: number, roundTripMs: number): number[] {
    if (this.#missing.length === 0) return [];
    const retryMs = Math.max(MIN_RETRY_MS, roundTripMs * 1.25);
    const due: number[] = [];
    this.#missing = this.#missing.filter((one) => {
      if (at - one.since > MAX_AGE_MS) return false;
      if (at < one.at) return true;
      if (one.tries >= MAX_TRIES) return false;
      one.tries++;
      one.at = at + retryMs;
      due.push(one.sequenceNumber);
      return true;
    });
    return due;
  }

  /** Nothing is missing any more: the stream began anew. */
  clear(): void {
    this.#missing = [];
  }
}
