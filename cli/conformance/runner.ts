/**
 * Runs the checks, several at a time, and judges each: a check that comes to its end passed, provided
 * that nobody in it has heard more than it expected. The command calls it.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { Check, Section, Stage } from "./check.ts";
import { EndError } from "./raw_socket.ts";
import { within } from "./within.ts";
import { Transcript } from "./transcript.ts";
import { type CheckResult, Finding, NotApplicable } from "./verdict.ts";

/** What a run is made with. */
export type RunOptions<S extends Stage> = {
  readonly clock: Clock;
  /** A world for one check. */
  readonly makeStage: (transcript: Transcript) => S;
  /** Told of each result as it comes. */
  readonly onResult: (result: CheckResult) => void;
  /** Aborted: no further check begins. */
  readonly signal: AbortSignal;
  /** Why a check cannot be run here; undefined: it can. Default: all can. */
  readonly unless?: ((id: string) => string | undefined) | undefined;
};

/** Checks that are not slow run side by side up to this number; more would delay each other. */
const CONCURRENCY = 6;
/** A check that takes longer hangs: its waits have bounds of their own. */
const LIMIT_MS = 180_000;

/** Runs the checks of `sections`; resolves to their results in the order of the sections. */
export async function runChecks<S extends Stage>(
  sections: readonly Section<S>[],
  options: RunOptions<S>,
): Promise<CheckResult[]> {
  const all = sections.flatMap(({ name, checks }) =>
    checks.map((check) => ({ section: name, check }))
  );
  const results = new Map<Check<S>, CheckResult>();
  const run = async ({ section, check }: { section: string; check: Check<S> }) => {
    if (options.signal.aborted) return;
    const result = await runCheck(check, section, options);
    results.set(check, result);
    options.onResult(result);
  };
  const ofPace = (pace: Check["pace"]) => all.filter(({ check }) => check.pace === pace);
  for (const lone of ofPace("lone")) await run(lone);
  const quick = ofPace("quick");
  // The slow ones mostly wait: they begin at once, and the others run meanwhile.
  const slow = ofPace("slow").map(run);
  const lanes = Array.from({ length: CONCURRENCY }, async () => {
    for (let next = quick.shift(); next !== undefined; next = quick.shift()) await run(next);
  });
  await Promise.all([...slow, ...lanes]);
  return all.flatMap(({ check }) => results.get(check) ?? []);
}

/** Runs one check in a scene of its own. Never rejects. */
async function runCheck<S extends Stage>(
  check: Check<S>,
  section: string,
  options: RunOptions<S>,
): Promise<CheckResult> {
  const { clock } = options;
  const startedAt = clock.elapsed();
  const transcript = new Transcript(clock);
  const stage = options.makeStage(transcript);
  let outcome: Pick<CheckResult, "verdict" | "expected" | "seen" | "reason"> = {
    verdict: "passed",
  };
  try {
    const why = options.unless?.(check.id);
    if (why !== undefined) throw new NotApplicable(why);
    await within(clock, play(check, stage), { ms: LIMIT_MS, awaited: "the end of the check" });
  } catch (error) {
    outcome = outcomeOf(error);
  }
  // How the checker ends its connections afterwards is of no interest.
  const frames = [...transcript.lines];
  try {
    await stage.clear();
  } catch (error) {
    outcome = outcomeOf(error);
  }
  const isTold = outcome.verdict === "failed" || outcome.verdict === "error";
  const { id, title, does } = check;
  return {
    ...{ id, section, title, does, ...outcome, notes: stage.notes },
    durationMs: Math.round(clock.elapsed() - startedAt),
    transcript: isTold ? frames : [],
  };
}

async function play<S extends Stage>(check: Check<S>, stage: S): Promise<void> {
  await check.run(stage);
  await stage.settle();
}

function outcomeOf(
  error: unknown,
): Pick<CheckResult, "verdict" | "expected" | "seen" | "reason"> {
  if (error instanceof Finding) {
    return { verdict: "failed", expected: error.expected, seen: error.seen };
  }
  if (isServersEnd(error)) {
    return { verdict: "failed", expected: "a connection that stays", seen: error.message };
  }
  if (error instanceof NotApplicable) return { verdict: "not applicable", reason: error.message };
  const reason = error instanceof Error ? error.stack ?? error.message : `${error}`;
  return { verdict: "error", reason };
}

/** Whether the other side is gone: a fault of the server, not of the checker. */
function isServersEnd(error: unknown): error is Error {
  return error instanceof EndError || error instanceof Deno.errors.ConnectionRefused ||
    error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.ConnectionAborted || error instanceof Deno.errors.NotConnected;
}
