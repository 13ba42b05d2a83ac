/**
 * Breaks: while the others go on, users leave and return under the same id, or lose their connection
 * and resume their seat. A phase starts them for its time and stops them before it compares.
 */
import type { PhaseContext } from "./phase_context.ts";
import type { SimulatedUser } from "./simulated_user.ts";
import { untilDue } from "./pacing.ts";
import { pause, waitUntil } from "./waiting.ts";

/** `return`: by leave or drop and another join; `resume`: by a lost connection and `resume`. */
export type BreakKind = "return" | "resume";

/** Who takes breaks, how often, and of which kind. */
export type BreakPlan = {
  readonly kind: BreakKind | "both";
  readonly users: readonly SimulatedUser[];
  /** Breaks a second over all users. */
  readonly perSecond: number;
};

/** How long a user stays away, at least and at most. */
const AWAY_MS = { from: 20, to: 200 };
/** A dropped user may return before the server has noticed; it asks again after this long. */
const RETRY_MS = 25;

/** Lets users take breaks until told to stop. */
export class Breaks {
  readonly #context: PhaseContext;
  readonly #plan: BreakPlan;
  readonly #step: number;
  readonly #away = new Set<SimulatedUser>();
  readonly #running = new Set<Promise<void>>();
  #isStopped = false;
  #failure: unknown;

  constructor(context: PhaseContext, plan: BreakPlan) {
    this.#context = context;
    this.#plan = plan;
    this.#step = context.step;
  }

  /** Whether `user` is on its way out or back: it must not be told to do anything else. */
  isAway(user: SimulatedUser): boolean {
    return this.#away.has(user);
  }

  /** Begins. */
  start(): void {
    if (this.#plan.perSecond > 0 && this.#plan.users.length > 0) this.#track(this.#run());
  }

  /** Lets nobody go any more. */
  halt(): void {
    this.#isStopped = true;
  }

  /** Lets nobody go any more. Resolves when everybody is back; rejects with what went wrong. */
  async stop(): Promise<void> {
    this.halt();
    while (this.#running.size > 0) await Promise.all(this.#running);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #run(): Promise<void> {
    const { random, clock } = this.#context;
    const { users, perSecond } = this.#plan;
    const startedAt = clock.elapsed();
    for (let index = 1; !this.#isStopped; index++) {
      await untilDue(index, { ...this.#context, startedAt, perSecond });
      const user = users[random.below(users.length)]!;
      if (!this.#isStopped && user.stay !== undefined && !this.#away.has(user)) {
        this.#track(this.#takeABreak(user));
      }
    }
  }

  async #takeABreak(user: SimulatedUser): Promise<void> {
    const { settings, random } = this.#context;
    const { kind } = this.#plan;
    this.#away.add(user);
    const { requests } = user.witness;
    await waitUntil(
      () => requests.size > 0 ? `${user.userId} waits for ${requests.size} answers` : undefined,
      { ...this.#context, timeoutMs: settings.timeoutMs },
    );
    const isResume = kind === "resume" || (kind === "both" && random.next() < 0.5);
    if (isResume) await this.#loseAndResume(user);
    else await this.#leaveAndReturn(user);
    this.#away.delete(user);
  }

  async #loseAndResume(user: SimulatedUser): Promise<void> {
    const { counts, clock } = this.#context;
    await user.lose();
    counts.losses++;
    const awayMs = this.#awayMs();
    const dueAt = clock.elapsed() + awayMs;
    await pause(awayMs, this.#context);
    const answer = await user.resume(this.#step, Math.min(dueAt, clock.elapsed()));
    if (answer?.isOk) counts.resumes++;
  }

  async #leaveAndReturn(user: SimulatedUser): Promise<void> {
    const { random, settings, counts } = this.#context;
    const drops = random.next() < settings.dropRatio;
    if (drops) await user.drop(this.#step);
    else await user.leave(this.#step);
    if (drops) counts.drops++;
    else counts.leaves++;
    await pause(this.#awayMs(), this.#context);
    const isGone = !user.isConnected;
    if (isGone) await user.connect();
    await this.#return(user, isGone);
    counts.returns++;
  }

  /** Rule LE7: a dropped connection counts as left at once, so the id is soon free. */
  async #return(user: SimulatedUser, hasDropped: boolean): Promise<void> {
    const { clock, settings } = this.#context;
    const giveUpAt = clock.elapsed() + settings.timeoutMs;
    for (;;) {
      const mayRetry = hasDropped && clock.elapsed() < giveUpAt;
      const answer = await user.join(this.#step, { tolerated: mayRetry ? "user-id-taken" : "" });
      if (!mayRetry || answer?.code !== "user-id-taken") return;
      await pause(RETRY_MS, this.#context);
    }
  }

  #awayMs(): number {
    return AWAY_MS.from + this.#context.random.below(AWAY_MS.to - AWAY_MS.from);
  }

  /** Keeps `work` until it ends; what it rejects with is for {@linkcode stop}. */
  #track(work: Promise<void>): void {
    const tracked = work.catch((error) => {
      this.#failure ??= error;
      this.#isStopped = true;
    }).finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }
}
