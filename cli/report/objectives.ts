/**
 * What a run was held against, as the reports show it: the objectives of `--slo` and the figures of
 * `--baseline`.
 */
import { describeMeasured } from "../measure/slo.ts";
import type { SimulationReport } from "./simulation_report.ts";
import { describeComparison } from "./words.ts";

/** One figure that was held against something. */
export type Objective = {
  readonly kind: "slo" | "baseline";
  readonly expression: string;
  /** What was measured, in words. */
  readonly seen: string;
  readonly isMet: boolean;
};

/** The objectives of a report; none where it has none. */
export function objectivesOf({ slos, baseline }: SimulationReport): Objective[] {
  return [
    ...slos.map(({ slo, isMet, measured }): Objective => ({
      kind: "slo",
      expression: slo,
      seen: describeMeasured(slo, measured),
      isMet,
    })),
    ...(baseline?.comparisons ?? []).map((comparison): Objective => ({
      kind: "baseline",
      expression: comparison.metric,
      seen: describeComparison(comparison),
      isMet: comparison.verdict !== "worse",
    })),
  ];
}
