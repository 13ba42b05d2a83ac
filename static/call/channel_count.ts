/** The channels that are open on one way of travelling: it is not ended under a file. */
import type { ByteChannel } from "./transport.ts";

/** A count of channels. */
export class ChannelCount {
  readonly #open = new Set<ByteChannel>();
  #whenEmpty: (() => void) | undefined;

  /** Whether none is open. */
  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  /** Counts a channel until it closes. */
  add(channel: ByteChannel): void {
    this.#open.add(channel);
    channel.addEventListener("close", () => {
      this.#open.delete(channel);
      if (this.isEmpty) this.#whenEmpty?.();
    });
  }

  /** Calls `run` when the last one has closed. */
  whenEmpty(run: () => void): void {
    this.#whenEmpty = run;
  }
}
