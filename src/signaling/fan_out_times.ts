/**
 * How long broadcasts take from their request to the sockets. The hub notes each and tells the
 * observer when the turn has ended and everything is out.
 */
import type { Clock } from "../base/mod.ts";
import type { SignalingObserver } from "./observer.ts";

/** The broadcasts of the present turn. */
export class FanOutTimes {
  readonly #clock: Clock;
  readonly #observer: SignalingObserver;
  #began: number[] = [];

  /** None at first. */
  constructor(options: { clock: Clock; observer: SignalingObserver }) {
    this.#clock = options.clock;
    this.#observer = options.observer;
  }

  /** A broadcast is queued. */
  begin(): void {
    this.#began.push(this.#clock.elapsed());
  }

  /** All that were begun are with the sockets. */
  end(): void {
    if (this.#began.length === 0) return;
    const now = this.#clock.elapsed();
    const began = this.#began;
    this.#began = [];
    for (const at of began) this.#observer.fannedOut(now - at);
  }
}
