/**
 * What a run leaves behind, whether one tester drove it or several: what the report is drawn from,
 * and the same as plain values, to go from one thread to another and be put together there.
 */
import type { CpuUse } from "../measure/cpu.ts";
import type { Histogram, HistogramContents } from "../measure/histogram.ts";
import type { MediaOutcome } from "../media/media_run.ts";
import type { RunContents, RunRecord } from "../verify/mod.ts";
import type { ActionCounts } from "./phase_context.ts";
import type { Phase } from "./progress.ts";

/** The outcome of a run. */
export type Outcome = {
  /** What was seen and what is wrong with it. */
  readonly run: RunRecord;
  readonly progress: { readonly phases: readonly Phase[] };
  /** How late the tester itself was. */
  readonly probe: { readonly lateness: Histogram };
  /** How busy each tester was. */
  readonly testers: readonly CpuUse[];
  /** Messages received a second. */
  readonly throughput: { readonly series: readonly number[]; readonly mean: number };
  /** What the users did. */
  readonly counts: ActionCounts;
  /** Remarks for the reader of the report. */
  readonly notes: readonly string[];
  /** Why the run could not get its first connection. */
  readonly unreachable: string | undefined;
  readonly isInterrupted: boolean;
  readonly maxRssBytes: number;
  readonly durationMs: number;
  /** What came of the media; undefined: there were none. */
  readonly media: MediaOutcome | undefined;
};

/** An outcome as plain values, without what the threads measure together. */
export type OutcomeContents =
  & Omit<Outcome, "run" | "progress" | "probe" | "throughput">
  & {
    readonly run: RunContents;
    readonly phases: readonly Phase[];
    readonly lateness: HistogramContents;
  };

/** `outcome` for another thread. */
export function contentsOf(outcome: Outcome): OutcomeContents {
  const { testers, counts, notes, unreachable, isInterrupted, maxRssBytes, durationMs } = outcome;
  const { media } = outcome;
  return {
    run: outcome.run.contents,
    phases: outcome.progress.phases,
    lateness: outcome.probe.lateness.contents,
    ...{ testers, counts, notes, unreachable, isInterrupted, maxRssBytes, durationMs, media },
  };
}

/** The states of a phase from the one that outweighs all others to the one that none outweighs. */
const STATES = ["failed", "interrupted", "running", "waiting", "done", "skipped"] as const;

/** The phases of several testers as one: sums, the longest time, the state that weighs most. */
export function mergePhases(lists: readonly (readonly Phase[])[]): Phase[] {
  const [first = []] = lists;
  return first.map(({ name }, at) => {
    const same = lists.map((phases) => phases[at]!);
    const sum = (value: (phase: Phase) => number) =>
      same.reduce((total, phase) => total + value(phase), 0);
    return {
      name,
      state: STATES.find((state) => same.some((phase) => phase.state === state))!,
      total: sum(({ total }) => total),
      done: sum(({ done }) => done),
      ms: Math.max(...same.map(({ ms }) => ms)),
      note: same.find(({ note }) => note !== "")?.note ?? "",
    };
  });
}

/** What the users of several testers did. */
export function sumCounts(all: readonly ActionCounts[]): ActionCounts {
  const [first, ...rest] = all;
  const sum: ActionCounts = { ...first! }; // There is at least one tester.
  for (const counts of rest) {
    for (const key of Object.keys(sum) as (keyof ActionCounts)[]) sum[key] += counts[key];
  }
  return sum;
}
