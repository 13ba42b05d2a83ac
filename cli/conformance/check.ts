/**
 * A check: one rule of PROTOCOL.md, put to the test over the wire. The files of `checks/` define them,
 * `runner.ts` runs them.
 */
import type { Scene } from "./scene.ts";

/** One check; `S` is the world that it plays in. */
export type Check<S = Scene> = {
  /** The id of its rule. */
  readonly id: string;
  /** What the rule promises. */
  readonly title: string;
  /** How the check goes about it. */
  readonly does: string;
  /**
   * `quick`: done at once; `slow`: it mostly waits, so it takes no turn from the others; `lone`: it has
   * the server to itself, or what leaks would land in the rooms of other checks.
   */
  readonly pace: "quick" | "slow" | "lone";
  /** Returns when the server does as the rule says; throws Finding or NotApplicable. */
  readonly run: (scene: S) => Promise<void>;
};

/** The checks of one section of PROTOCOL.md. */
export type Section<S = Scene> = { readonly name: string; readonly checks: readonly Check<S>[] };

/** What the runner needs of a check's world. */
export interface Stage {
  /** Parts of the rule that were left out, and why. */
  readonly notes: readonly string[];
  /** Throws Finding where somebody has heard more than the check did. */
  settle(): Promise<void>;
  /** Ends whatever the check has left open. */
  clear(): Promise<void>;
}

type Words = { readonly title: string; readonly does: string };

/** A check that is done at once. */
export function check<S = Scene>(id: string, words: Words, run: Check<S>["run"]): Check<S> {
  return { id, ...words, pace: "quick", run };
}

/** A check that has to wait for a time of the protocol. */
export function slowCheck<S = Scene>(id: string, words: Words, run: Check<S>["run"]): Check<S> {
  return { id, ...words, pace: "slow", run };
}

/** A check that has the server to itself. */
export function loneCheck<S = Scene>(id: string, words: Words, run: Check<S>["run"]): Check<S> {
  return { id, ...words, pace: "lone", run };
}
