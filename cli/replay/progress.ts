/**
 * How far a replay has come, for those who wait for it: what each connection has received, and the
 * word that nothing comes any more. A wait that nothing can end any more is given up, so a replay of a
 * server that behaves otherwise goes on, and the comparison tells.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { ScriptedConnection } from "./script.ts";

/** How often it is looked whether anything still moves. */
const LOOK_MS = 50;

type Standing = { count: number; isOver: boolean };
type Waiter = {
  readonly connection: ScriptedConnection;
  readonly count: number;
  /** The line of the capture that waits. */
  readonly line: number;
  readonly resolve: () => void;
};

/** Counts what came. */
export class ReplayProgress {
  /** How many waits were given up. */
  givenUp = 0;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #standings = new Map<ScriptedConnection, Standing>();
  #waiters = new Set<Waiter>();
  #sleeping = 0;
  #hasHelped = true;
  #movedAt: number;
  readonly #stopLooking: () => void;

  /** So long may nothing move before waits are given up. */
  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#movedAt = clock.elapsed();
    this.#stopLooking = clock.every(LOOK_MS, () => this.#look());
  }

  /** A message came on `connection`. */
  came(connection: ScriptedConnection): void {
    this.#of(connection).count++;
    this.#hasHelped = true;
    this.moved();
    this.#wake();
  }

  /** Nothing more comes on `connection`. */
  over(connection: ScriptedConnection): void {
    this.#of(connection).isOver = true;
    this.moved();
    this.#wake();
  }

  /** Something was done. */
  moved(): void {
    this.#movedAt = this.#clock.elapsed();
  }

  /** Resolves when `connection` has received `count` messages, or will not; for `line`. */
  reached(connection: ScriptedConnection, count: number, line: number): Promise<void> {
    if (this.#hasReached(connection, count)) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.add({ connection, count, line, resolve }));
  }

  /** While `sleep` lasts, somebody waits for the time, and that is no standstill. */
  async during(sleep: Promise<void>): Promise<void> {
    this.#sleeping++;
    try {
      await sleep;
    } finally {
      this.#sleeping--;
      this.moved();
    }
  }

  /** Everything waits no more. */
  close(): void {
    this.#stopLooking();
    for (const { resolve } of this.#waiters) resolve();
    this.#waiters.clear();
  }

  #hasReached(connection: ScriptedConnection, count: number): boolean {
    const standing = this.#of(connection);
    return standing.isOver || standing.count >= count;
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      if (!this.#hasReached(waiter.connection, waiter.count)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }

  /**
   * Where nothing moves, the line that comes first goes on as if what it waits for had come: the later
   * ones may only wait for it. Where that brought nothing either, all go on.
   */
  #look(): void {
    if (this.#waiters.size === 0 || this.#sleeping > 0) return;
    if (this.#clock.elapsed() - this.#movedAt < this.#timeoutMs) return;
    const first = Math.min(...[...this.#waiters].map(({ line }) => line));
    const released = [...this.#waiters].filter(({ line }) => !this.#hasHelped || line === first);
    this.#hasHelped = false;
    for (const { connection, count } of released) {
      this.givenUp++;
      const standing = this.#of(connection);
      standing.count = Math.max(standing.count, count);
    }
    this.moved();
    this.#wake();
  }

  #of(connection: ScriptedConnection): Standing {
    const known = this.#standings.get(connection);
    if (known !== undefined) return known;
    const standing = { count: 0, isOver: false };
    this.#standings.set(connection, standing);
    return standing;
  }
}
