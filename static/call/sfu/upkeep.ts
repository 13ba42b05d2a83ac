/**
 * How one connection to the server fares, and when another takes its place. The server does not
 * restart ICE, so a path that is gone is always made up for by a new connection, with growing pauses
 * where that does not help. Knows the clock and the states of a connection, nothing of descriptions.
 */
import type { CallClock } from "../platform.ts";
import type { LinkState } from "../transport.ts";

/** A path that is away for a moment often comes back by itself; longer than this, it is given up. */
export const DISCONNECTED_MS = 3_000;
/** A path to the server is found within a few round trips, or not at all. */
export const CONNECT_MS = 10_000;
/** The server offers by itself within this time; then it is asked. */
export const EXPECT_MS = 3_000;
/** The pause before the second attempt; each next one is twice as long. */
export const FIRST_PAUSE_MS = 300;
/** The pauses grow no further. */
export const LONGEST_PAUSE_MS = 30_000;
/** A connection that lived this long was a good one: the next pause starts small again. */
export const STABLE_MS = 10_000;
/** So long after a change of the network a path that is away is not waited for. */
export const HASTY_MS = 10_000;
/** After so many attempts in vain it is no interruption any more. */
const MANY_ATTEMPTS = 3;

/** What a connection lets its upkeep do. */
export interface UpkeepOptions {
  readonly clock: CallClock;
  /** Makes another connection in place of the one that there is. */
  readonly renew: () => void;
  /** {@linkcode Upkeep.state} is another. */
  readonly changed: () => void;
}

/** The state of one connection and the timers behind it. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  #state: LinkState = "waiting";
  #attempts = 0;
  #connectedAt = -Infinity;
  #hastyUntil = -Infinity;
  #cancelPause: (() => void) | undefined;
  #cancelDeadline: (() => void) | undefined;
  #isClosed = false;

  /** No connection is needed yet. */
  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  /** How the connection fares. */
  get state(): LinkState {
    return this.#state;
  }

  /** A connection is being made: it should be there in time. */
  began(): void {
    if (this.#isClosed) return;
    if (this.#state === "waiting") this.#change("connecting");
    this.#expect(CONNECT_MS);
  }

  /** The connection says where it stands. */
  moved(state: RTCPeerConnectionState): void {
    if (this.#isClosed) return;
    const { clock } = this.#options;
    switch (state) {
      case "connected":
        this.#cancelAll();
        this.#connectedAt = clock.elapsed();
        this.#change("connected");
        return;
      case "disconnected": {
        if (this.#state !== "connected") return;
        this.#interrupt();
        const isHasty = clock.elapsed() < this.#hastyUntil;
        if (isHasty) this.#renewSoon();
        else this.#cancelPause = clock.after(DISCONNECTED_MS, () => this.#renewSoon());
        return;
      }
      case "failed":
        this.lost();
        return;
      default: // new, connecting, closed: nothing that was not known.
    }
  }

  /** The connection is gone for good, or was refused. */
  lost(): void {
    if (!this.#isClosed) this.#renewSoon();
  }

  /** The connection is gone for good, and the server will begin another one by itself. */
  replaced(): void {
    if (this.#isClosed) return;
    this.#interrupt();
    this.#cancelAll();
    this.#expect(EXPECT_MS);
  }

  /** The server should begin a connection by itself before long. */
  expect(): void {
    if (!this.#isClosed && this.#cancelPause === undefined) this.#expect(EXPECT_MS);
  }

  /** No connection is needed for now. */
  rest(): void {
    this.#cancelAll();
    this.#attempts = 0;
    this.#change("waiting");
  }

  /** The network is another one: whatever was tried before says nothing about it. */
  networkChanged(): void {
    if (this.#isClosed) return;
    this.#attempts = 0;
    this.#hastyUntil = this.#options.clock.elapsed() + HASTY_MS;
    if (this.#cancelPause !== undefined) this.#renewSoon();
  }

  /** Stops all timers. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#cancelAll();
  }

  #renewSoon(): void {
    this.#cancelAll();
    this.#interrupt();
    const pauseMs = this.#attempts === 0
      ? 0
      : Math.min(FIRST_PAUSE_MS * 2 ** (this.#attempts - 1), LONGEST_PAUSE_MS);
    this.#attempts += 1;
    if (this.#attempts > MANY_ATTEMPTS) this.#change("failed");
    if (pauseMs === 0) this.#renew();
    else this.#cancelPause = this.#options.clock.after(pauseMs, () => this.#renew());
  }

  #interrupt(): void {
    if (this.#state !== "connected") return;
    if (this.#options.clock.elapsed() - this.#connectedAt >= STABLE_MS) this.#attempts = 0;
    this.#change("interrupted");
  }

  #renew(): void {
    this.#cancelPause = undefined;
    this.#expect(CONNECT_MS);
    this.#options.renew();
  }

  /** Gives what was begun its time; a deadline that runs already stays. */
  #expect(ms: number): void {
    this.#cancelDeadline ??= this.#options.clock.after(ms, () => this.#renewSoon());
  }

  #cancelAll(): void {
    this.#cancelPause?.();
    this.#cancelDeadline?.();
    this.#cancelPause = this.#cancelDeadline = undefined;
  }

  #change(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.changed();
  }
}
