/**
 * A fuzz run: random schedules, each taken against the server and in the model until enough steps
 * held or one did not. fast-check draws the schedules from the seed and makes a failing one as short
 * as it can. `commands/fuzz.ts` starts one.
 */
import fc, { type AsyncCommand } from "fast-check";
import type { Clock } from "../../src/base/mod.ts";
import { stepIn } from "../model/generate.ts";
import { possible } from "../model/fitting.ts";
import { lineOf, type Step } from "../model/steps.ts";
import type { Target } from "../target.ts";
import { Driver, type DriverConditions } from "./driver.ts";
import type { ServerView } from "./server_view.ts";
import { Inconclusive, Violation } from "./violation.ts";

/** What a run is made of. */
export type FuzzSettings = {
  readonly seed: number;
  readonly steps: number;
  readonly users: number;
  readonly rooms: number;
};

/** What a run needs of its surroundings. */
export type FuzzContext = {
  readonly target: Target;
  readonly view: ServerView;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly conditions: DriverConditions;
  readonly graceMs: number;
  /** Wrong passcodes that may be tried in all. */
  readonly guesses: number;
  /** How long the network may take to notice something. Default 3 s. */
  readonly patienceMs?: number;
  /** How long a schedule that broke a rule may be made shorter. Default 20 s. */
  readonly shrinkMs?: number;
  /** Hears of progress. Default nobody. */
  readonly onProgress?: (stepsTaken: number, isShrinking: boolean) => void;
  /** Hears of each random schedule that held, when all its users have left. Default nobody. */
  readonly onSchedule?: () => Promise<void>;
};

/** A schedule that broke a rule. */
export type Failure = {
  readonly violation: Violation;
  /** The schedule as it was found, and as short as it became. */
  readonly found: readonly Step[];
  readonly shrunk: readonly Step[];
};

/** What came of a run. */
export type FuzzOutcome = {
  readonly stepsTaken: number;
  readonly schedules: number;
  /** Schedules that proved nothing, because the machine stood still meanwhile. */
  readonly inconclusive: number;
  /** How often each rule was seen to hold. */
  readonly checked: ReadonlyMap<string, number>;
  readonly failure: Failure | undefined;
};

/** Longest schedule: long enough for rooms to fill, short enough to be shrunk. */
const MAX_SCHEDULE = 500;
/** How long the network may take to notice something; while shrinking, where it only costs time. */
const PATIENCE_MS = 3_000;
const PATIENCE_SHRINKING_MS = 300;
/** A schedule that is not short by then stays as it is. */
const SHRINK_MS = 20_000;
/** Seeds of the schedules of one run lie apart by this: the golden ratio's share of 2^32. */
const SEED_STRIDE = 0x9e3779b1;
/** Machines that stand still all the time prove nothing. */
const MAX_INCONCLUSIVE = 20;

/** The run was told to stop. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** One run. */
export class Fuzz {
  readonly #settings: FuzzSettings;
  readonly #context: FuzzContext;
  readonly #checked = new Map<string, number>();
  #stepsTaken = 0;
  #schedules = 0;
  #inconclusive = 0;
  #guessesLeft: number;
  #shrinkEndsAt: number | undefined;

  constructor(settings: FuzzSettings, context: FuzzContext) {
    this.#settings = settings;
    this.#context = context;
    this.#guessesLeft = context.guesses;
  }

  /** Wrong passcodes that may still be tried. */
  get guessesLeft(): number {
    return this.#guessesLeft;
  }

  /** Takes random schedules; rejects with {@linkcode Interrupted}. */
  async random(): Promise<FuzzOutcome> {
    const { seed, steps } = this.#settings;
    for (let n = 0; this.#stepsTaken < steps && this.#inconclusive < MAX_INCONCLUSIVE; n++) {
      const failure = await this.#schedule((seed + Math.imul(n, SEED_STRIDE)) | 0);
      if (failure !== undefined) return this.#outcome(failure);
      await this.#context.onSchedule?.();
    }
    return this.#outcome(undefined);
  }

  /** Takes one given schedule; rejects with {@linkcode Interrupted}. */
  async replay(steps: readonly Step[]): Promise<FuzzOutcome> {
    const violation = await this.#attempt(
      this.#patienceMs,
      (driver) => this.#takeAll(driver, steps),
    );
    return this.#outcome(violation && { violation, found: steps, shrunk: steps });
  }

  async #schedule(seed: number): Promise<Failure | undefined> {
    const { users, rooms, steps } = this.#settings;
    const { clock, shrinkMs = SHRINK_MS } = this.#context;
    const command = stepIn({ users, rooms }).map((step) => new StepCommand(step));
    const maxCommands = Math.min(MAX_SCHEDULE, 4 * (steps - this.#stepsTaken));
    const commands = fc.commands([command], { maxCommands, size: "max", disableReplayLog: true });
    const failures: { violation: Violation; steps: Step[] }[] = [];
    const property = fc.asyncProperty(commands, async (schedule) => {
      if (this.#isShrinkTimeOver()) return;
      const taken: Step[] = [];
      const patienceMs = failures.length === 0 ? this.#patienceMs : PATIENCE_SHRINKING_MS;
      const violation = await this.#attempt(patienceMs, async (driver) => {
        const take = (step: Step) => this.#take(driver, step, taken);
        await fc.asyncModelRun(() => ({ model: driver, real: take }), schedule);
      });
      if (violation === undefined) return;
      failures.push({ violation, steps: taken });
      this.#shrinkEndsAt ??= clock.elapsed() + shrinkMs;
      throw violation;
    });
    const result = await fc.check(property, { seed, numRuns: 1 });
    const [first] = failures;
    const last = failures.at(-1);
    if (first !== undefined && last !== undefined) {
      return { found: first.steps, ...await this.#thin(last) };
    }
    // Whatever else was thrown is no finding but the end of the run.
    if (result.failed) throw result.errorInstance;
    return undefined;
  }

  /** Leaves out single steps, as long as that breaks a rule: what the shrinker of a list passes over. */
  async #thin(last: { violation: Violation; steps: readonly Step[] }) {
    let { violation, steps: shrunk } = last;
    for (let n = shrunk.length - 1; n >= 0 && !this.#isShrinkTimeOver(); n--) {
      const fewer = shrunk.filter((_, index) => index !== n);
      const found = await this.#attempt(
        PATIENCE_SHRINKING_MS,
        (driver) => this.#takeAll(driver, fewer),
      );
      if (found?.rule !== violation.rule) continue;
      [violation, shrunk] = [found, fewer];
    }
    return { violation, shrunk };
  }

  async #takeAll(driver: Driver, steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.#take(driver, step, []);
  }

  /** Runs a schedule against rooms of its own. Returns the rule that it broke, if it did. */
  async #attempt(
    patienceMs: number,
    run: (driver: Driver) => Promise<void>,
  ): Promise<Violation | undefined> {
    const { target, view, clock, conditions, graceMs } = this.#context;
    const { users, rooms } = this.#settings;
    const prefix = `fuzz-${crypto.randomUUID().slice(0, 8)}`;
    const driver = new Driver({
      ...{ target, view, clock, users, conditions, graceMs, patienceMs },
      roomIds: Array.from({ length: rooms }, (_, n) => `${prefix}-${n + 1}`),
      guesses: this.#guessesLeft,
    });
    this.#schedules++;
    try {
      await driver.start();
      await run(driver);
      await driver.finish();
    } catch (error) {
      if (error instanceof Violation) return error;
      if (!(error instanceof Inconclusive)) throw error;
      this.#inconclusive++;
    } finally {
      this.#guessesLeft = Math.min(this.#guessesLeft, driver.state.guessesLeft);
      await driver.abandon();
      for (const [rule, count] of driver.checked) {
        this.#checked.set(rule, (this.#checked.get(rule) ?? 0) + count);
      }
    }
    return undefined;
  }

  /** Takes what of a step is possible, and adds it to `taken`. */
  async #take(driver: Driver, step: Step, taken: Step[]): Promise<void> {
    const { signal, onProgress } = this.#context;
    if (signal.aborted) throw new Interrupted("The run was interrupted");
    await driver.prepare();
    const now = possible(driver.state, step, driver.conditions);
    if (now === undefined) return;
    taken.push(now);
    await driver.take(now);
    const isShrinking = this.#shrinkEndsAt !== undefined;
    if (!isShrinking) this.#stepsTaken++;
    onProgress?.(this.#stepsTaken, isShrinking);
  }

  get #patienceMs(): number {
    return this.#context.patienceMs ?? PATIENCE_MS;
  }

  #isShrinkTimeOver(): boolean {
    return this.#shrinkEndsAt !== undefined &&
      this.#context.clock.elapsed() >= this.#shrinkEndsAt;
  }

  #outcome(failure: Failure | undefined): FuzzOutcome {
    return {
      stepsTaken: this.#stepsTaken,
      schedules: this.#schedules,
      inconclusive: this.#inconclusive,
      checked: this.#checked,
      failure,
    };
  }
}

/** A step for fast-check: it is left out where it means nothing. */
class StepCommand implements AsyncCommand<Driver, (step: Step) => Promise<void>> {
  readonly #step: Step;

  constructor(step: Step) {
    this.#step = step;
  }

  check(driver: Readonly<Driver>): boolean {
    return possible(driver.state, this.#step, driver.conditions) !== undefined;
  }

  async run(_driver: Driver, take: (step: Step) => Promise<void>): Promise<void> {
    await take(this.#step);
  }

  toString(): string {
    return lineOf(this.#step, Infinity);
  }
}
