/**
 * What a scenario is: an entry of the table in `table.ts`. The simulation runs its steps in order
 * and judges every room at the end; a step ends when everybody has seen what happened in it.
 */
import type { PhaseContext } from "./phase_context.ts";
import type { Phase } from "./progress.ts";
import type { SimulationSettings } from "./settings.ts";

/** One step of a scenario. */
export type ScenarioStep = {
  /** One word; names the phase in the reports. */
  readonly name: string;
  /**
   * Does it, and waits with `settle` until it is seen. Counts in `phase.done` of `phase.total`.
   * Rejects with Stalled where the run cannot go on; what is wrong goes to a witness's `report`.
   */
  readonly run: (context: PhaseContext, phase: Phase) => Promise<void>;
  /** Whether there is nothing to do; default: never. */
  readonly isSkipped?: (context: PhaseContext) => boolean;
};

/** One entry. */
export type Scenario = {
  /** What the users do and what is looked at, in a line of at most 64 characters. */
  readonly summary: string;
  /** What happens, in order. */
  readonly steps: readonly ScenarioStep[];
  /** The rules of PROTOCOL.md that a whole run puts to the test; one that is not shows as such. */
  readonly rules: readonly string[];
  /** What takes the place of the usual defaults for flags that are not given. */
  readonly defaults?: Partial<
    Pick<
      SimulationSettings,
      "users" | "rooms" | "rate" | "durationMs" | "holdMs" | "churn" | "dropRatio" | "arrival"
    >
  >;
  /** The users join so that they may resume; default: they do not. */
  readonly isResumable?: boolean;
  /** Its users may lose connections and messages to injected faults; default: they may not. */
  readonly takesFaults?: boolean;
  /** Its users may send each other media behind their joins; default: they may not. */
  readonly takesMedia?: boolean;
  /** Users a room must have at least; default 1. */
  readonly minMembers?: number;
  /** What a server of our own is started with, so that its bounds are reached soon. */
  readonly server?: ServerBounds;
};

/** Bounds of a server; each that is left out lets a run through. */
export type ServerBounds = {
  /** How long lost seats are kept. */
  readonly resumeGraceMs?: number;
  /** How many a room holds. */
  readonly maxParticipants?: number;
  /** What waits for a slow reader. */
  readonly maxBufferedBytes?: number;
};
