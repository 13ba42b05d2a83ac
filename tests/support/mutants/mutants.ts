/** Every mutant by its name; `serve.ts` starts one, the tests of the harness must find it. */
import { enteringMutants } from "./entering_mutants.ts";
import { frameMutants } from "./frame_mutants.ts";
import { mediaMutants } from "./media_mutants.ts";
import type { Mutant } from "./mutant.ts";
import { resumeMutants } from "./resume_mutants.ts";
import { tellingMutants } from "./telling_mutants.ts";

/** The table. */
export const mutants: Readonly<Record<string, Mutant>> = {
  ...enteringMutants,
  ...tellingMutants,
  ...resumeMutants,
  ...mediaMutants,
  ...frameMutants,
};
