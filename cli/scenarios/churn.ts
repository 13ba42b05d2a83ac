/**
 * Churn: while the others chat, users leave and return under the same id, some by a dropped socket.
 * The simulation starts one for the time of chatting and holding and stops it before it compares.
 */
import type { PhaseContext } from "./phase_context.ts";
import type { SimulatedUser } from "./simulated_user.ts";
import { pause, waitUntil } from "./waiting.ts";

/** How long a user stays away, at least and at most. */
const AWAY_MS = { from: 20, to: 200 };
/** A dropped user may return before the server has noticed; it asks again after this long. */
const RETRY_MS = 25;

/** Lets users leave and return until told to stop. */
export class Churn {
  readonly #context: PhaseContext;
  readonly #step: number;
  readonly #away = new Set<SimulatedUser>();
  readonly #running = new Set<Promise<void>>();
  #isStopped = false;
  #failure: unknown;

  constructor(context: PhaseContext, step: number) {
    this.#context = context;
    this.#step = step;
  }

  /** Whether `user` is on its way out or back: it must not be told to chat. */
  isAway(user: SimulatedUser): boolean {
    return this.#away.has(user);
  }

  /** Begins; `perSecond` users leave each second. */
  start(perSecond: number): void {
    if (perSecond > 0) this.#track(this.#run(perSecond));
  }

  /** Lets nobody leave any more. */
  halt(): void {
    this.#isStopped = true;
  }

  /** Lets nobody leave any more. Resolves when everybody is back; rejects with what went wrong. */
  async stop(): Promise<void> {
    this.halt();
    while (this.#running.size > 0) await Promise.all(this.#running);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #run(perSecond: number): Promise<void> {
    const { users, random } = this.#context;
    while (!this.#isStopped) {
      await pause(1_000 / perSecond, this.#context);
      const user = users[random.below(users.length)]!;
      if (!this.#isStopped && user.stay !== undefined && !this.#away.has(user)) {
        this.#track(this.#takeABreak(user));
      }
    }
  }

  async #takeABreak(user: SimulatedUser): Promise<void> {
    const { random, settings, counts } = this.#context;
    this.#away.add(user);
    const requests = user.witness.requests;
    await waitUntil(
      () => requests.size > 0 ? `${user.userId} waits for ${requests.size} answers` : undefined,
      { ...this.#context, timeoutMs: settings.timeoutMs },
    );
    const drops = random.next() < settings.dropRatio;
    if (drops) await user.drop(this.#step);
    else await user.leave(this.#step);
    if (drops) counts.drops++;
    else counts.leaves++;
    await pause(AWAY_MS.from + random.below(AWAY_MS.to - AWAY_MS.from), this.#context);
    const isGone = !user.isConnected;
    if (isGone) await user.connect();
    await this.#return(user, isGone);
    counts.returns++;
    this.#away.delete(user);
  }

  /** Rule LE7: a dropped connection counts as left at once, so the id is soon free. */
  async #return(user: SimulatedUser, hasDropped: boolean): Promise<void> {
    const { clock, settings } = this.#context;
    const giveUpAt = clock.elapsed() + settings.timeoutMs;
    for (;;) {
      const mayRetry = hasDropped && clock.elapsed() < giveUpAt;
      const answer = await user.join(this.#step, mayRetry ? "user-id-taken" : "");
      if (!mayRetry || answer?.code !== "user-id-taken") return;
      await pause(RETRY_MS, this.#context);
    }
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
