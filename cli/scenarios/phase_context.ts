/**
 * What the phases of a simulation share: who takes part, the clock, the word to stop, and the counts
 * of what was done.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { RunRecord } from "../verify/mod.ts";
import type { Progress } from "./progress.ts";
import type { SeededRandom } from "./random.ts";
import type { RoomProbe } from "./room_probe.ts";
import type { SimulationSettings } from "./settings.ts";
import type { SimulatedRoom } from "./simulated_room.ts";
import type { SimulatedUser, UserContext } from "./simulated_user.ts";

/** What the users did. */
export type ActionCounts = {
  joins: number;
  chats: number;
  leaves: number;
  drops: number;
  returns: number;
  /** Connections lost while the seat was kept. */
  losses: number;
  /** Seats taken again by `resume`. */
  resumes: number;
  /** Offers between two users; each brings its answer and the candidates of both. */
  calls: number;
};

/** Nothing done yet. */
export function noActions(): ActionCounts {
  return { joins: 0, chats: 0, leaves: 0, drops: 0, returns: 0, losses: 0, resumes: 0, calls: 0 };
}

/** The shared side of the phases. */
export type PhaseContext = {
  readonly settings: SimulationSettings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly random: SeededRandom;
  readonly run: RunRecord;
  readonly progress: Progress;
  readonly users: readonly SimulatedUser[];
  /** What the users share: where the server is, who hears their frames. */
  readonly shared: UserContext;
  readonly rooms: readonly SimulatedRoom[];
  readonly counts: ActionCounts;
  readonly probe: RoomProbe;
  /** The server shows rooms over HTTP, so it can be asked whether one is gone; known at `leave`. */
  canSeeRooms: boolean;
  /** The step that is under way. */
  step: number;
  /** Remarks for the reader of the report. */
  readonly notes: string[];
};
