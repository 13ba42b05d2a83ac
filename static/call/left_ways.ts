/**
 * Ways of travelling that nobody is seen or heard on any more: each ends when what is under way on its
 * channels is over, so that no file breaks off because its room has grown.
 */
import type { Topology } from "../../src/protocol/mod.ts";
import type { ChannelCount } from "./channel_count.ts";
import type { CallClock } from "./platform.ts";
import type { CallTransport } from "./transport.ts";

/** A file of the largest size at 3 Mbit/s; what takes longer breaks off. */
export const CHANNELS_BOUND_MS = 300_000;

/** One way of travelling. */
export interface Way {
  readonly call: CallTransport;
  readonly channels: ChannelCount;
}

/** The ways that were left. */
export class LeftWays {
  readonly #clock: CallClock;
  /** With what ends the waiting. */
  readonly #ways = new Map<Way, () => void>();
  #isClosed = false;

  /** None yet. */
  constructor(clock: CallClock) {
    this.#clock = clock;
  }

  /** Those that have not ended. */
  get all(): readonly Way[] {
    return [...this.#ways.keys()];
  }

  /** Ends a way as soon as its channels are closed. */
  leave(way: Way): void {
    if (way.channels.isEmpty || this.#isClosed) return way.call.close();
    way.call.setTracks({}); // Pictures and sound would go on to be sent.
    this.#ways.set(way, this.#clock.after(CHANNELS_BOUND_MS, () => this.#end(way)));
    way.channels.whenEmpty(() => this.#end(way));
  }

  /** Ends those of a topology at once. */
  end(topology: Topology): void {
    for (const way of this.all) if (way.call.topology === topology) this.#end(way);
  }

  /** Ends all at once. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const way of this.all) this.#end(way);
  }

  #end(way: Way): void {
    const cancel = this.#ways.get(way);
    if (cancel === undefined) return;
    cancel();
    this.#ways.delete(way);
    way.call.close();
  }
}
