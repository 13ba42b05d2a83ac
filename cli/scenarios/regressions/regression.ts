/**
 * What a regression is: a scenario that repeats what went wrong elsewhere, with the public thread in
 * which somebody told of it. `table.ts` names them.
 */
import type { Scenario } from "../scenario.ts";

/** One entry. */
export type Regression = Scenario & {
  /** Where it was told. */
  readonly thread: string;
};
