/**
 * A token bucket: how much of something a client may do in a while (rules LI2, TH1).
 */
import type { Clock } from "../base/mod.ts";

/** Starts full; each taking costs one token, or as many as it says. */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #capacity: number;
  #tokens: number;
  #filledAtMs: number;
  #refused = 0;

  /** A bucket of `burst` tokens that gains `perSecond` a second. */
  constructor(clock: Clock, options: { perSecond: number; burst: number }) {
    this.#clock = clock;
    this.#perMs = options.perSecond / 1000;
    this.#capacity = options.burst;
    this.#tokens = options.burst;
    this.#filledAtMs = clock.elapsed();
  }

  /** How many milliseconds are missing until there are so many tokens; 0: there are. */
  missingMs(tokens = 1): number {
    this.#fill();
    return this.#tokens >= tokens ? 0 : Math.ceil((tokens - this.#tokens) / this.#perMs);
  }

  /** Puts a token back that was taken for nothing. */
  giveBack(): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + 1);
  }

  /** Whether nothing is missing. */
  get isFull(): boolean {
    this.#fill();
    return this.#tokens === this.#capacity;
  }

  /** Takes tokens. Returns 0, or how many milliseconds are missing until there are so many. */
  take(tokens = 1): number {
    const missingMs = this.missingMs(tokens);
    if (missingMs > 0) {
      this.#refused++;
      return missingMs;
    }
    this.#tokens -= tokens;
    return 0;
  }

  /** How often there was no token since the bucket was last full. */
  get refused(): number {
    return this.#refused;
  }

  #fill(): void {
    const now = this.#clock.elapsed();
    const gained = (now - this.#filledAtMs) * this.#perMs;
    this.#tokens = Math.min(this.#capacity, this.#tokens + gained);
    this.#filledAtMs = now;
    if (this.#tokens === this.#capacity) this.#refused = 0;
  }
}
