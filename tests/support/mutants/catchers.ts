/**
 * The harness commands that should find what is wrong with a server, each as a function from the
 * server's URL to the rule that it saw broken. Every mutant must be caught by at least one of them;
 * the mutants that one of them may miss are named here, and no others.
 */
import { conformance } from "../../../cli/commands/conformance.ts";
import { Fuzz } from "../../../cli/fuzz/fuzz.ts";
import { ServerView } from "../../../cli/fuzz/server_view.ts";
import { readTarget } from "../../../cli/target.ts";
import { makeStream } from "../../../cli/terminal.ts";
import { systemClock } from "../../../src/base/mod.ts";
import { type Mutant, MUTANT_GRACE_MS } from "./mutant.ts";

/** One way to test a server. */
export type Catcher = {
  readonly name: string;
  /** The rule that it saw broken at the server with that socket; undefined: it found nothing. */
  readonly judge: (url: string, mutant: Mutant) => Promise<string | undefined>;
  /** Mutants that it need not find. */
  readonly misses: readonly string[];
};

/** Seeds that are tried one after the other, and the steps of each. */
const SEEDS = [1, 2, 3, 4];
const STEPS = 1_000;
/** On this machine's own network nothing takes long. */
const PATIENCE_MS = 1_000;

/** All of them. */
export const catchers: readonly Catcher[] = [
  // What it shows is short and comes seldom: the bounds of frames are not for it.
  {
    name: "fuzz",
    judge: fuzz,
    misses: ["key-frames-unbounded", "frames-unbounded", "frames-for-the-slow"],
  },
  // The whole run finds these three too, by other rules: OR3, ME4 and SS3.
  {
    name: "conformance",
    judge: checkRule,
    misses: ["lose-chat", "reorder-chat", "stats-count-the-departed"],
  },
];

/** The check of the one rule that the mutant breaks; all of them take 12 s. */
async function checkRule(url: string, { rule }: Mutant): Promise<string | undefined> {
  const silent = makeStream(() => {}, { isTty: false, hasColour: false });
  const terminal = { out: silent, err: silent };
  const code = await conformance(["--url", url, "--only", rule, "--quiet"], { terminal });
  return code === 0 ? undefined : rule;
}

async function fuzz(url: string): Promise<string | undefined> {
  const target = readTarget(url);
  const view = new ServerView(target, systemClock);
  for (const seed of SEEDS) {
    const one = new Fuzz({ seed, steps: STEPS, users: 6, rooms: 3 }, {
      ...{ target, view, clock: systemClock, signal: new AbortController().signal },
      conditions: { canCount: true, maxGraceMs: MUTANT_GRACE_MS },
      graceMs: MUTANT_GRACE_MS,
      guesses: 2, // The server hears ten from all seeds together.
      patienceMs: PATIENCE_MS,
      shrinkMs: 0,
    });
    const { failure } = await one.random();
    if (failure !== undefined) return failure.violation.rule;
  }
  return undefined;
}
