/**
 * Runs the checks one after the other, so that each says what the one before left open; those that need
 * one that failed are passed over with its name.
 */
import { Interrupted } from "../scenarios/waiting.ts";
import {
  type Check,
  fail,
  type MachineContext,
  type Outcome,
  type SiteContext,
  skipped,
} from "./check.ts";
import { HTTP_CHECKS } from "./http_checks.ts";
import { MACHINE_CHECKS } from "./machine_checks.ts";
import { MEDIA_CHECK } from "./media_check.ts";
import { REACH_CHECKS } from "./reach_checks.ts";
import { IDLE_CHECK, SOCKET_CHECKS } from "./socket_checks.ts";
import { TOKEN_CHECK } from "./token_check.ts";
import { TURN_CHECK } from "./turn_check.ts";

/** What the checks are given; without a site those of the machine alone run. */
export type CheckContexts = {
  readonly machine: MachineContext;
  readonly site: SiteContext | undefined;
};

/** A check that has run. */
export type Result = Outcome & {
  readonly id: string;
  readonly title: string;
};

/** Every check of a running server, in the order in which they run. */
export const SITE_CHECKS: readonly Check<SiteContext>[] = [
  ...REACH_CHECKS,
  ...HTTP_CHECKS,
  ...SOCKET_CHECKS,
  TOKEN_CHECK,
  TURN_CHECK,
  MEDIA_CHECK,
  IDLE_CHECK,
];

/** Runs all; `onResult` hears each as it is known. Rejects with Interrupted. */
export async function runChecks(
  { machine, site }: CheckContexts,
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  await runTable(MACHINE_CHECKS, machine, { results, onResult });
  if (site !== undefined) await runTable(SITE_CHECKS, site, { results, onResult });
  return results;
}

async function runTable<Context>(
  checks: readonly Check<Context>[],
  context: Context,
  { results, onResult }: { results: Result[]; onResult: (result: Result) => void },
): Promise<void> {
  // A check that does not apply stands in nobody's way, one that was passed over does.
  const inTheWay = new Set<string>();
  for (const { id, title, needs = [], run } of checks) {
    const missing = needs.find((need) => inTheWay.has(need));
    const outcome = missing === undefined
      ? await outcomeOf(run, context)
      : skipped(`needs "${checks.find((check) => check.id === missing)?.title}"`);
    if (missing !== undefined || outcome.state === "fail") inTheWay.add(id);
    const result = { id, title, ...outcome };
    results.push(result);
    onResult(result);
  }
}

async function outcomeOf<Context>(
  run: Check<Context>["run"],
  context: Context,
): Promise<Outcome> {
  try {
    return await run(context);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const reason = error instanceof Error ? error.message : `${error}`;
    return fail(`it could not be looked at: ${reason}`, "Try again; it may have gone meanwhile");
  }
}
