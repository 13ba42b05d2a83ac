/**
 * Bounds how often anybody may be wrong about a secret: by network, and all together. The hub has one
 * for six-digit codes and passcodes (rules TH1-TH4), HTTP one for the administrator's token (rule TH5).
 * What it lets through is counted, right guesses are not.
 */
import type { Clock } from "../base/mod.ts";
import { ProtocolError } from "../protocol/mod.ts";
import { KeyedBuckets } from "./keyed_buckets.ts";
import { TokenBucket } from "./token_bucket.ts";

/** Wrong guesses of one network: a typing error or ten at once, then one every ten seconds. */
export const NETWORK_GUESSES = { perSecond: 0.1, burst: 10 } as const;
/** Wrong guesses of everybody together. */
export const ALL_GUESSES = { perSecond: 0.5, burst: 60 } as const;
/** What is guessed, and how often. */
export type GuessThrottleOptions = {
  /** Names wrong guesses in errors. Default `wrong codes or passcodes`. */
  readonly guesses?: string;
  /** The budget of everybody together; `undefined`: none. Default {@linkcode ALL_GUESSES}. */
  readonly everybody?: { readonly perSecond: number; readonly burst: number } | undefined;
};

/** The budget of wrong guesses. */
export class GuessThrottle {
  readonly #guesses: string;
  readonly #all: TokenBucket | undefined;
  /** A forgotten network has its budget again; the bound on all holds still. */
  readonly #networks: KeyedBuckets;

  /** Full at first. */
  constructor(clock: Clock, options: GuessThrottleOptions = {}) {
    const { guesses = "wrong codes or passcodes" } = options;
    const everybody = "everybody" in options ? options.everybody : ALL_GUESSES;
    this.#networks = new KeyedBuckets(clock, NETWORK_GUESSES);
    this.#guesses = guesses;
    this.#all = everybody === undefined ? undefined : new TokenBucket(clock, everybody);
  }

  /** How many networks are remembered. */
  get size(): number {
    return this.#networks.size;
  }

  /**
   * Throws `rate-limited` while `network`, or everybody together, has been wrong too often: before
   * it is known whether this one is right, or being let through would say so (rule TH2).
   */
  refuseBeyond(network: string, attempt: string): void {
    const waitMs = Math.max(this.#all?.missingMs() ?? 0, this.#networks.missingMs(network));
    if (waitMs === 0) return;
    throw new ProtocolError("rate-limited", `${attempt}: too many ${this.#guesses}`, {
      retryAfterMs: waitMs,
    });
  }

  /** Counts a guess as wrong; throws as {@linkcode refuseBeyond} when it is one too many. */
  count(network: string, attempt: string): void {
    this.refuseBeyond(network, attempt);
    this.#all?.take();
    this.#networks.take(network);
  }

  /** Takes a {@linkcode count} back: the guess was right. */
  takeBack(network: string): void {
    this.#all?.giveBack();
    this.#networks.giveBack(network);
  }
}
