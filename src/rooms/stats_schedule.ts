/**
 * When a room hears `stats-summary` (rule SS2): every period in which reports came in. One timer for
 * all rooms, and none while nobody reports. The registry owns it.
 */
import type { Cancel, Clock } from "../base/mod.ts";
import { STATS_SUMMARY_PERIOD_MS } from "../protocol/mod.ts";
import type { Outbound } from "./outbound.ts";
import type { Room } from "./room.ts";

/** The rooms whose members reported since their last summary. */
export class StatsSchedule {
  readonly #clock: Clock;
  readonly #deliver: (outbound: readonly Outbound[]) => void;
  readonly #due = new Set<Room>();
  #cancel: Cancel | undefined;

  /** `deliver` is called from a timer, with the summaries of every room that is due. */
  constructor(options: { clock: Clock; deliver: (outbound: readonly Outbound[]) => void }) {
    this.#clock = options.clock;
    this.#deliver = options.deliver;
  }

  /** A member of `room` has reported. */
  add(room: Room): void {
    this.#due.add(room);
    this.#cancel ??= this.#clock.every(STATS_SUMMARY_PERIOD_MS, () => this.#tick());
  }

  /** Forgets a room that is gone. */
  delete(room: Room): void {
    this.#due.delete(room);
  }

  /** Stops the timer; nothing is delivered any more. */
  close(): void {
    this.#due.clear();
    this.#stop();
  }

  #tick(): void {
    if (this.#due.size === 0) return this.#stop();
    const rooms = [...this.#due];
    this.#due.clear();
    this.#deliver(rooms.map((room) => room.summarizeStats()));
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
