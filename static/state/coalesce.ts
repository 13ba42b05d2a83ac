/**
 * Turns many calls into few: however often something changes, the page draws it at most once a
 * period, and always the last state.
 */
import type { Cancel, Clock } from "./clock.ts";

/** Calls `run` once for all calls of `touch` within a period. */
export class Coalesce {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #run: () => void;
  #cancel: Cancel | undefined;

  /** `run` is never called from within `touch`. */
  constructor(clock: Clock, options: { readonly periodMs: number; readonly run: () => void }) {
    this.#clock = clock;
    this.#periodMs = options.periodMs;
    this.#run = options.run;
  }

  /** Something changed: `run` follows within the period. */
  touch(): void {
    this.#cancel ??= this.#clock.after(this.#periodMs, () => {
      this.#cancel = undefined;
      this.#run();
    });
  }

  /** Forgets what waits. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
