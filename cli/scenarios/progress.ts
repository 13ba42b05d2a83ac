/**
 * Where a run stands: the phases of its scenario with their counts, and what it waits for. The
 * simulation writes it, the live display reads it on a timer.
 */

/** One phase. */
export type Phase = {
  readonly name: string;
  state: "waiting" | "running" | "done" | "failed" | "interrupted" | "skipped";
  /** How much there is to do; 0 while unknown. */
  total: number;
  /** How much of it is done. */
  done: number;
  /** How long it took or has taken so far. */
  ms: number;
  /** What it waits for, or why it failed. */
  note: string;
};

/** The phases of one run. */
export class Progress {
  readonly #phases: Map<string, Phase>;

  /** Phases of these names, in this order. */
  constructor(names: readonly string[]) {
    this.#phases = new Map(names.map((name) => [
      name,
      { name, state: "waiting", total: 0, done: 0, ms: 0, note: "" },
    ]));
  }

  /** The phases in their order. */
  get phases(): readonly Phase[] {
    return [...this.#phases.values()];
  }

  /** The phase of that name. */
  phase(name: string): Phase {
    const phase = this.#phases.get(name);
    if (phase === undefined) throw new RangeError(`Cannot find phase "${name}": the run has none`);
    return phase;
  }
}
