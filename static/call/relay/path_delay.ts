/**
 * How long what is sent waits on its way to the server. A socket tells what waits in the browser, but
 * the system below it takes megabytes before it says that a path is narrow; a `ping` (rule PI1) waits
 * behind all of that, and its `pong` tells how long.
 */
import type { ClientMessage, ServerMessage } from "../../../src/protocol/mod.ts";
import type { CallClock } from "../call_clock.ts";

/** A ping is sent this often, one at a time. */
export const PING_MS = 500;
/** The quickest round trip is remembered so long: a path may become another one. */
export const MEMORY_MS = 60_000;

/** What it needs. */
export interface PathDelayOptions {
  readonly clock: CallClock;
  readonly send: (message: ClientMessage) => boolean;
}

/** The delay of one socket. */
export class PathDelay {
  readonly #options: PathDelayOptions;
  #cancel: (() => void) | undefined;
  #sent: { readonly at: number; readonly elapsed: number } | undefined;
  #lastMs = 0;
  #quickest = { ms: Infinity, at: -Infinity };

  /** Asks nothing yet. */
  constructor(options: PathDelayOptions) {
    this.#options = options;
  }

  /** Milliseconds beyond the quickest round trip; of a ping that is under way as long as it is. */
  get extraMs(): number {
    const waitingMs = this.#sent === undefined ? 0 : this.#now - this.#sent.elapsed;
    const quickestMs = this.#quickest.ms === Infinity ? 0 : this.#quickest.ms;
    return Math.max(0, Math.max(this.#lastMs, waitingMs) - quickestMs);
  }

  /** Whether it asks. */
  setActive(isActive: boolean): void {
    if (isActive === (this.#cancel !== undefined)) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#sent = undefined;
    this.#lastMs = 0;
    if (isActive) this.#ask();
  }

  /** Takes any message of the server. */
  receive(message: ServerMessage): void {
    if (message.type === "resumed") this.#sent = undefined; // It went with the former socket.
    if (message.type !== "pong" || message.at !== this.#sent?.at) return;
    this.#lastMs = this.#now - this.#sent.elapsed;
    this.#sent = undefined;
    const isOld = this.#now - this.#quickest.at >= MEMORY_MS;
    if (isOld || this.#lastMs <= this.#quickest.ms) {
      this.#quickest = { ms: this.#lastMs, at: this.#now };
    }
  }

  #ask(): void {
    this.#cancel = this.#options.clock.after(PING_MS, () => this.#ask());
    if (this.#sent !== undefined) return;
    // Below zero: no ping of the session itself has such a time, and none is answered by ours.
    const at = -1 - Math.round(this.#now * 1_000);
    if (this.#options.send({ type: "ping", at })) this.#sent = { at, elapsed: this.#now };
  }

  get #now(): number {
    return this.#options.clock.elapsed();
  }
}
