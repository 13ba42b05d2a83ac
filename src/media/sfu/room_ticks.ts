/**
 * What a room does by the clock, and how often. The room begins it with its first member and ends it
 * with its last; what is due comes in one order: first what members need, then what others are told.
 */
import type { Cancel, Clock } from "../../base/mod.ts";

/** How often everything that is due is looked at: a request for a lost packet waits no longer. */
const TICK_MS = 25;
/** How often publishers are told what anybody looks at, if that changed (rule PB6). */
const WANTED_MS = 200;
/** How often it is looked at who is heard (rule SP1). */
const SPEAKERS_MS = 500;

/** What is done; each is told the time, in milliseconds that only grow. */
export type RoomTicksOptions = {
  readonly clock: Clock;
  /** Each time: what connections have to do. */
  readonly carry: (at: number) => void;
  /** Now and then: what is wanted of pictures. */
  readonly tellWanted: (at: number) => void;
  /** Less often: who is heard. */
  readonly tellSpeakers: (at: number) => void;
};

/** The ticks of one room. */
export class RoomTicks {
  readonly #options: RoomTicksOptions;
  #cancel: Cancel | undefined;
  #wantedAt = 0;
  #speakersAt = 0;

  /** Nothing ticks yet. */
  constructor(options: RoomTicksOptions) {
    this.#options = options;
  }

  /** Begins, or goes on. */
  start(): void {
    const { clock } = this.#options;
    this.#cancel ??= clock.every(TICK_MS, () => this.#tick(clock.elapsed()));
  }

  /** Ends; {@linkcode start} begins again. Idempotent. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tick(at: number): void {
    const { carry, tellWanted, tellSpeakers } = this.#options;
    carry(at);
    if (at - this.#wantedAt >= WANTED_MS) {
      this.#wantedAt = at;
      tellWanted(at);
    }
    if (at - this.#speakersAt < SPEAKERS_MS) return;
    this.#speakersAt = at;
    tellSpeakers(at);
  }
}
