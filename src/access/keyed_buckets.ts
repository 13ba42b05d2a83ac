/**
 * A token bucket for each of many: networks, users, rooms. Only those who took something lately are
 * remembered, and of those a bounded number.
 */
import type { Clock } from "../base/mod.ts";
import { TokenBucket } from "./token_bucket.ts";

/** Buckets that are remembered; some 100 bytes each. */
const MAX_REMEMBERED = 10_000;

/** What each key may do. */
export type Rate = { readonly perSecond: number; readonly burst: number };

/** The buckets, made when they are first needed. */
export class KeyedBuckets {
  readonly #clock: Clock;
  readonly #rate: Rate;
  readonly #buckets = new Map<string, TokenBucket>();

  /** All full at first. */
  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** How many milliseconds are missing until `key` has a token; 0: it has one. */
  missingMs(key: string): number {
    return this.#buckets.get(key)?.missingMs() ?? 0;
  }

  /** Takes a token of `key`. Returns 0, or how many milliseconds are missing until there is one. */
  take(key: string): number {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= MAX_REMEMBERED) this.#forget();
      bucket = new TokenBucket(this.#clock, this.#rate);
      this.#buckets.set(key, bucket);
    }
    return bucket.take();
  }

  /** Puts a token back that was taken for nothing. */
  giveBack(key: string): void {
    this.#buckets.get(key)?.giveBack();
  }

  /** Drops whoever has its full budget again, or else the oldest. */
  #forget(): void {
    for (const [key, bucket] of this.#buckets) {
      if (bucket.isFull) this.#buckets.delete(key);
    }
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size < MAX_REMEMBERED) return;
      this.#buckets.delete(oldest);
    }
  }
}
