/**
 * The ladder as it is shown: four steps from the shortest way to the one that always works, each with
 * the time that was spent on it, and which of them bears the picture now. Pure.
 */
import type { MediaPath, PathTimes } from "../../../src/protocol/mod.ts";

/** The steps, best first. */
export const RUNGS: readonly MediaPath[] = ["p2p", "turn", "sfu", "relay"];

/** One step. */
export interface Rung {
  readonly path: MediaPath;
  readonly isCurrent: boolean;
  /** Milliseconds that were spent on it. */
  readonly spentMs: number;
}

/** The steps. */
export function rungsOf(current: MediaPath | undefined, times: PathTimes): readonly Rung[] {
  return RUNGS.map((path) => ({
    path,
    isCurrent: path === current,
    spentMs: times[path] ?? 0,
  }));
}
