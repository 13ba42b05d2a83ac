/**
 * How many connections one address may hold and how fast it may open them (rules CO10, CO12): sockets
 * and sessions of media over HTTP together. One for a server; its doors ask it.
 */
import { KeyedBuckets } from "../access/mod.ts";
import type { Clock } from "../base/mod.ts";
import { AddressLimit } from "./address_limit.ts";

/** After this long a client of a full address may try again. */
const RETRY_AFTER_MS = 30_000;
/** An address may open twice as many connections at once as it may hold, and all of them anew in this time. */
const REOPEN_S = 10;

/** Why an address has to wait, for people, and for how long. */
export type AddressRefusal = { readonly reason: string; readonly retryAfterMs: number };

/** What addresses hold. */
export class AddressGate {
  readonly #held: AddressLimit;
  readonly #openings: KeyedBuckets;
  readonly #maxPerAddress: number;

  /** Nobody holds anything at first. */
  constructor(clock: Clock, maxPerAddress: number) {
    this.#maxPerAddress = maxPerAddress;
    this.#held = new AddressLimit(maxPerAddress);
    const rate = { perSecond: maxPerAddress / REOPEN_S, burst: 2 * maxPerAddress };
    this.#openings = new KeyedBuckets(clock, rate);
  }

  /** Whether the address holds as many as it may; one without a key is not counted. */
  isFull(key: string | undefined): boolean {
    return this.#held.isFull(key);
  }

  /** Why the address may not open another now, if so; counts the attempt unless told otherwise. */
  refusal(
    key: string | undefined,
    options: { isCounted?: boolean } = {},
  ): AddressRefusal | undefined {
    if (this.isFull(key)) {
      const reason = `your address holds ${this.#maxPerAddress} connections`;
      return { reason, retryAfterMs: RETRY_AFTER_MS };
    }
    const isCounted = key !== undefined && (options.isCounted ?? true);
    const retryAfterMs = isCounted ? this.#openings.take(key) : 0;
    return retryAfterMs > 0 ? { reason: "your address opens too many", retryAfterMs } : undefined;
  }

  /** Counts one that is open. Returns how to give it back, once. */
  enter(key: string | undefined): () => void {
    return this.#held.enter(key);
  }
}
