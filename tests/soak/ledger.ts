/**
 * What the users of a soak did and what surprised them. Every user of a run writes into one; the lines
 * and the verdict read it.
 */

/** Surprises that are kept in full; beyond, they are counted. */
const MAX_KEPT = 20;

/** What is counted. */
export type Counts = {
  joins: number;
  leaves: number;
  drops: number;
  resumed: number;
  expired: number;
  takeovers: number;
  meetings: number;
  slowReaders: number;
  lagged: number;
  /** Errors that a user provoked and got. */
  provoked: number;
};

/** The account of one run. */
export class Ledger {
  /** What happened so far. */
  readonly counts: Counts = {
    joins: 0,
    leaves: 0,
    drops: 0,
    resumed: 0,
    expired: 0,
    takeovers: 0,
    meetings: 0,
    slowReaders: 0,
    lagged: 0,
    provoked: 0,
  };
  /** The first surprises, in words. */
  readonly surprises: string[] = [];
  #surpriseCount = 0;
  #isClosed = false;

  /** How many surprises there were. */
  get surpriseCount(): number {
    return this.#surpriseCount;
  }

  /** Nothing surprises any more: the run was interrupted, and the server perhaps with it. */
  close(): void {
    this.#isClosed = true;
  }

  /** Takes down what should not have happened. */
  surprise(text: string): void {
    if (this.#isClosed) return;
    this.#surpriseCount++;
    if (this.surprises.length < MAX_KEPT) this.surprises.push(text);
  }
}
