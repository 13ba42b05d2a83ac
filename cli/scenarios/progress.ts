/**
 * Where a run stands: its phases with their counts, and what it waits for. The simulation writes it,
 * the live display reads it on a timer.
 */

/** The phases in their order. */
export const PHASES = ["connect", "join", "chat", "hold", "leave", "gone"] as const;
/** One of {@linkcode PHASES}. */
export type PhaseName = (typeof PHASES)[number];

/** One phase. */
export type Phase = {
  readonly name: PhaseName;
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
  readonly #phases = new Map(PHASES.map((name): [PhaseName, Phase] => [
    name,
    { name, state: "waiting", total: 0, done: 0, ms: 0, note: "" },
  ]));

  /** The phases in their order. */
  get phases(): readonly Phase[] {
    return [...this.#phases.values()];
  }

  /** The phase of that name. */
  phase(name: PhaseName): Phase {
    return this.#phases.get(name)!; // The map holds every name.
  }
}
