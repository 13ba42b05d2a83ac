/**
 * What the phases of a simulation share: who takes part, the clock, the word to stop, and the counts
 * of what was done.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { RunRecord } from "../verify/mod.ts";
import type { Progress } from "./progress.ts";
import type { SeededRandom } from "./random.ts";
import type { SimulationSettings } from "./settings.ts";
import type { SimulatedRoom } from "./simulated_room.ts";
import type { SimulatedUser } from "./simulated_user.ts";

/** What the users did. */
export type ActionCounts = {
  joins: number;
  chats: number;
  leaves: number;
  drops: number;
  returns: number;
};

/** The shared side of the phases. */
export type PhaseContext = {
  readonly settings: SimulationSettings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly random: SeededRandom;
  readonly run: RunRecord;
  readonly progress: Progress;
  readonly users: readonly SimulatedUser[];
  readonly rooms: readonly SimulatedRoom[];
  readonly counts: ActionCounts;
  /** The step that is under way. */
  step: number;
  /** Remarks for the reader of the report. */
  readonly notes: string[];
};
