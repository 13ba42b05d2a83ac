/**
 * Watches the time that an access token leaves its connection (rules TK6, TK7): a warning before the
 * end, then the end. Each connection that came with a token has one.
 */
import type { Cancel, Clock } from "../base/mod.ts";

/** How long before the end a client is warned: time to fetch another token. */
export const WARNING_MS = 60_000;
/** Timers count in 32 bits; a token may last longer. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** What happens when. */
export type ExpiryActions = {
  /** The token ends at `expiresAt`, soon. */
  readonly warn: (expiresAt: number) => void;
  /** It has ended. */
  readonly end: () => void;
};

/** One token's end, until it is replaced or the connection goes. */
export class Expiry {
  readonly #clock: Clock;
  readonly #actions: ExpiryActions;
  #cancel: Cancel | undefined;

  /** Watches nothing at first. */
  constructor(clock: Clock, actions: ExpiryActions) {
    this.#clock = clock;
    this.#actions = actions;
  }

  /** Watches the token that ends at `expiresAt`, and no other any more. */
  watch(expiresAt: number): void {
    this.close();
    this.#until(expiresAt - WARNING_MS, () => {
      this.#actions.warn(expiresAt);
      this.#until(expiresAt, this.#actions.end);
    });
  }

  /** Stops to watch. Idempotent. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #until(at: number, callback: () => void): void {
    const leftMs = Math.max(0, at - this.#clock.now());
    this.#cancel = leftMs <= MAX_DELAY_MS
      ? this.#clock.after(leftMs, callback)
      : this.#clock.after(MAX_DELAY_MS, () => this.#until(at, callback));
  }
}
