/** Where a judgement goes: what was found wrong, and what was checked. All of the judge writes to it. */
import type { Findings } from "./finding.ts";
import type { Tally } from "./tally.ts";

/** The two sheets of a verdict. */
export type Verdict = { readonly findings: Findings; readonly tally: Tally };
