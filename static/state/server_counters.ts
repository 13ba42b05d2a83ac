/**
 * What the server counts of our media (rule MS1), asked for while somebody looks at it. The links of a
 * call have one; the statistics panel opens it.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ClientMessage, ServerMessage, ServerMessageOf } from "../../src/protocol/mod.ts";
import { requestIds } from "../call/sfu/request_ids.ts";
import type { Cancel, Clock } from "./clock.ts";

/** It is asked for this often: rule MS2 allows more, people read no faster. */
export const COUNTERS_PERIOD_MS = 2_000;
/** Counters that came so long ago tell nothing of now. */
const STALE_MS = 3 * COUNTERS_PERIOD_MS;

/** What the server counts of our media. */
export type Counters = Pick<
  ServerMessageOf<"media-stats">,
  "published" | "received" | "estimateKbps"
>;

/** What they are asked with. */
export interface ServerCountersOptions {
  readonly clock: Clock;
  readonly send: (message: ClientMessage) => boolean;
  /** Whether our media go through the server: it has nothing to count of others. */
  readonly isForwarded: () => boolean;
}

/** The counters, as long as somebody looks. */
export class ServerCounters {
  readonly #options: ServerCountersOptions;
  readonly #newRequestId = requestIds("counters");
  readonly #counters: Signal<Counters | undefined> = signal(undefined);
  #requestId: string | undefined;
  #cameAt = 0;
  #watchers = 0;
  #cancel: Cancel | undefined;

  /** Nobody looks yet. */
  constructor(options: ServerCountersOptions) {
    this.#options = options;
  }

  /** What was told last; undefined while there is nothing to tell. */
  get counters(): ReadonlySignal<Counters | undefined> {
    return this.#counters;
  }

  /** Somebody looks, until the function that is returned is called. */
  watch(): () => void {
    this.#watchers += 1;
    if (this.#watchers === 1) this.#ask();
    let isWatching = true;
    return () => {
      if (!isWatching) return;
      isWatching = false;
      this.#watchers -= 1;
      if (this.#watchers > 0) return;
      this.#cancel?.();
      this.forget();
    };
  }

  /** Takes any message of the server, and picks its own. */
  receive(message: ServerMessage): void {
    if (this.#requestId === undefined || message.requestId !== this.#requestId) return;
    this.#requestId = undefined;
    if (message.type !== "media-stats") return;
    const { published, received, estimateKbps } = message;
    this.#cameAt = this.#options.clock.elapsed();
    this.#counters.value = {
      published,
      received,
      ...(estimateKbps === undefined ? {} : { estimateKbps }),
    };
  }

  /** What was told is of another call. */
  forget(): void {
    this.#requestId = undefined;
    this.#counters.value = undefined;
  }

  #ask(): void {
    const { clock, send, isForwarded } = this.#options;
    const isStale = clock.elapsed() - this.#cameAt >= STALE_MS;
    if (!isForwarded() || isStale) this.forget();
    if (isForwarded()) {
      const requestId = this.#newRequestId();
      this.#requestId = send({ type: "media-stats", requestId }) ? requestId : undefined;
    }
    this.#cancel = clock.after(COUNTERS_PERIOD_MS, () => this.#ask());
  }
}
