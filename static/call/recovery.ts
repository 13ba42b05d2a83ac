/**
 * How one link fares, and what is done when its path is gone: the gathering starts anew (a restart of
 * ICE), and where that does not help in time, the connection is made anew, with growing pauses. Knows
 * the clock and the states of a connection, nothing of descriptions.
 */
import type { CallClock } from "./platform.ts";
import type { LinkState } from "./transport.ts";

/** A path that is away for a moment often comes back by itself; longer than this, it is looked for. */
export const DISCONNECTED_MS = 2_000;
/** A restart that has not helped by then will not; the first pause, each next one twice as long. */
export const RESTART_MS = 10_000;
/** A first path through relays and firewalls is found more slowly than a lost one. */
export const CONNECT_MS = 20_000;
/** The pauses grow no further. */
export const LONGEST_PAUSE_MS = 60_000;
/** The polite side lets the other one begin, so that not both make a new connection at once. */
export const POLITE_FACTOR = 1.5;

/** What a link lets its recovery do. */
export interface RecoveryOptions {
  readonly clock: CallClock;
  readonly isPolite: boolean;
  /** Looks for a path anew on the connection that there is. */
  readonly restart: () => void;
  /** Makes a new connection in place of the one that there is. */
  readonly replace: () => void;
  /** {@linkcode Recovery.state} is another. */
  readonly changed: () => void;
}

/** The state of one link and the timers behind it. */
export class Recovery {
  readonly #options: RecoveryOptions;
  #state: LinkState = "waiting";
  #attempts = 0;
  #cancelRestart: (() => void) | undefined;
  #cancelDeadline: (() => void) | undefined;
  #isClosed = false;

  /** A link to somebody who has not said anything yet. */
  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** How the link fares. */
  get state(): LinkState {
    return this.#state;
  }

  /** The two sides have agreed on descriptions: a path should be there soon. */
  described(): void {
    if (this.#state === "waiting") this.#change("connecting");
    if (this.#state !== "connected") this.#expect(CONNECT_MS);
  }

  /** The other side has made a new connection, and ours has followed. */
  adopted(): void {
    this.#cancelRestart?.();
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
    if (this.#state === "connected") this.#change("interrupted");
    this.#expect(CONNECT_MS);
  }

  /** The connection says where it stands. */
  moved(state: RTCPeerConnectionState): void {
    if (this.#isClosed) return;
    switch (state) {
      case "connected":
        this.#cancelAll();
        this.#attempts = 0;
        this.#change("connected");
        return;
      case "disconnected":
        if (this.#state !== "connected") return;
        this.#change("interrupted");
        this.#cancelRestart = this.#options.clock.after(DISCONNECTED_MS, () => this.#restart());
        return;
      case "failed":
        if (this.#state === "connected") this.#change("interrupted");
        this.#restart();
        return;
      default: // new, connecting, closed: nothing that was not known.
    }
  }

  /** The network is another one: whatever was tried before says nothing about it. */
  networkChanged(): void {
    if (this.#isClosed) return;
    this.#attempts = 0;
    if (this.#state === "failed") this.#change("interrupted");
    if (this.#state === "waiting" || this.#state === "connected") {
      this.#options.restart();
      return;
    }
    this.#cancelAll();
    this.#restart();
  }

  /** Stops all timers. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#cancelAll();
  }

  #restart(): void {
    this.#cancelRestart?.();
    this.#cancelRestart = undefined;
    this.#expect(RESTART_MS);
    this.#options.restart();
  }

  /** Gives what was begun its time; a deadline that runs already stays. */
  #expect(firstMs: number): void {
    if (this.#isClosed || this.#cancelDeadline !== undefined) return;
    const pauseMs = Math.min(firstMs * 2 ** this.#attempts, LONGEST_PAUSE_MS);
    const ownMs = this.#options.isPolite ? pauseMs * POLITE_FACTOR : pauseMs;
    this.#cancelDeadline = this.#options.clock.after(ownMs, () => this.#replace());
  }

  #replace(): void {
    this.#cancelAll();
    this.#attempts += 1;
    if (this.#attempts > 1) this.#change("failed");
    this.#expect(RESTART_MS);
    this.#options.replace();
  }

  #cancelAll(): void {
    this.#cancelRestart?.();
    this.#cancelDeadline?.();
    this.#cancelRestart = this.#cancelDeadline = undefined;
  }

  #change(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.changed();
  }
}
