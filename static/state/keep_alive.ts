/**
 * Asks an open connection for a `pong` now and then (rule PI1): measures the round trip, and notices
 * a connection that is dead without having said so. One for each connection of a session.
 */
import type { Cancel, Clock } from "./clock.ts";

/** So many periods without a `pong` and the connection is taken for dead. */
export const SILENT_PERIODS = 3;

/** The first measurement meets a page that is still busy drawing itself: soon take another. */
export const SECOND_PING_MS = 1_000;

/** What a {@linkcode KeepAlive} needs. */
export interface KeepAliveOptions {
  readonly clock: Clock;
  /** Time from one `ping` to the next. */
  readonly periodMs: number;
  /** Sends `ping {at}`. */
  readonly ping: (at: number) => void;
  /** A `pong` came back after this long. */
  readonly measured: (roundTripMs: number) => void;
  /** No `pong` came for {@linkcode SILENT_PERIODS} periods; called once, then it stops. */
  readonly silent: () => void;
}

/** Measures one connection from its `welcome` to its end. */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  #sent: { readonly at: number; readonly elapsed: number } | undefined;
  #unanswered = 0;
  #cancel: Cancel = () => {};

  /** Sends the first `ping` at once. */
  constructor(options: KeepAliveOptions) {
    this.#options = options;
    this.#ping(Math.min(SECOND_PING_MS, options.periodMs));
  }

  /** Takes a `pong`; one that answers an older or a foreign `ping` measures nothing. */
  receivePong(at: number): void {
    this.#unanswered = 0;
    if (this.#sent?.at !== at) return;
    const roundTripMs = this.#options.clock.elapsed() - this.#sent.elapsed;
    this.#sent = undefined;
    this.#options.measured(roundTripMs);
  }

  /** Stops; nothing is sent or told any more. */
  close(): void {
    this.#cancel();
  }

  #ping(nextMs: number): void {
    const { clock, periodMs, ping, silent } = this.#options;
    if (this.#unanswered >= SILENT_PERIODS) {
      silent();
      return;
    }
    this.#unanswered += 1;
    this.#sent = { at: clock.now(), elapsed: clock.elapsed() };
    this.#cancel = clock.after(nextMs, () => this.#ping(periodMs));
    ping(this.#sent.at);
  }
}
