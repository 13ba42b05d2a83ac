/**
 * What of the signaling log is on the screen: the filter, the pause, and a snapshot that changes a
 * few times a second however many messages come. Components read the signals.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Clock } from "./clock.ts";
import { Coalesce } from "./coalesce.ts";
import {
  choicesIn,
  filterEntries,
  type LogEntry,
  type LogFilter,
  type NewEntry,
  OPEN_FILTER,
  SignalingLog,
} from "./signaling_log.ts";

/** Five pictures a second are read as live, and leave the processor to the rest of the page. */
export const LOG_PERIOD_MS = 200;

/** The log at one moment. */
export interface LogSnapshot {
  /** What passes the filter, oldest first. */
  readonly entries: readonly LogEntry[];
  /** How many entries there are before the filter. */
  readonly total: number;
  /** How many entries had to go for newer ones. */
  readonly dropped: number;
  /** How many that pass the filter came since the pause began. */
  readonly waiting: number;
  readonly types: readonly string[];
  readonly users: readonly string[];
}

/** The log with its filter and its pause. */
export class LogView {
  readonly #log: SignalingLog;
  readonly #clock: Clock;
  readonly #redraw: Coalesce;
  readonly #filter: Signal<LogFilter> = signal(OPEN_FILTER);
  readonly #isPaused: Signal<boolean> = signal(false);
  readonly #snapshot: Signal<LogSnapshot>;
  #frozen: readonly LogEntry[] = [];

  /** An empty log that passes everything but pings. */
  constructor(clock: Clock, log: SignalingLog = new SignalingLog()) {
    this.#clock = clock;
    this.#log = log;
    this.#redraw = new Coalesce(clock, { periodMs: LOG_PERIOD_MS, run: () => this.#draw() });
    this.#snapshot = signal(this.#take());
  }

  /** What passes now. */
  get filter(): ReadonlySignal<LogFilter> {
    return this.#filter;
  }

  /** Whether the picture stands still; the log goes on collecting. */
  get isPaused(): ReadonlySignal<boolean> {
    return this.#isPaused;
  }

  /** The picture. */
  get snapshot(): ReadonlySignal<LogSnapshot> {
    return this.#snapshot;
  }

  /** Adds a message that went out or came in just now. */
  add(entry: NewEntry): void {
    this.#log.add({ at: this.#clock.now(), ...entry });
    this.#redraw.touch();
  }

  /** Changes the filter in part; the picture follows at once, in a pause too. */
  setFilter(change: Partial<LogFilter>): void {
    this.#filter.value = { ...this.#filter.value, ...change };
    this.#draw();
  }

  /** Holds the picture, or lets it go on. */
  togglePause(): void {
    this.#frozen = this.#log.entries;
    this.#isPaused.value = !this.#isPaused.value;
    this.#draw();
  }

  /** Forgets everything. */
  clear(): void {
    this.#log.clear();
    this.#frozen = [];
    this.#draw();
  }

  /** Everything that passes the filter now, what came during a pause included: what is exported. */
  collected(): readonly LogEntry[] {
    return filterEntries(this.#log.entries, this.#filter.value);
  }

  #draw(): void {
    this.#snapshot.value = this.#take();
  }

  #take(): LogSnapshot {
    const isPaused = this.#isPaused.value;
    const entries = isPaused ? this.#frozen : this.#log.entries;
    const lastShown = entries.at(-1)?.id ?? 0;
    return {
      entries: filterEntries(entries, this.#filter.value),
      total: entries.length,
      dropped: this.#log.dropped,
      waiting: this.collected().filter(({ id }) => id > lastShown).length,
      ...choicesIn(entries),
    };
  }
}
