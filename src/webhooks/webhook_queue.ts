/**
 * The events that one URL is still to be told: in order, one at a time, each tried again until it is
 * taken, refused or too old. {@linkcode Webhooks} has one a URL. Adding an event costs the room a push to
 * a list; everything else happens later, and however the receiver fails, nobody waits for it.
 */
import type { Clock, Logger, Random } from "../base/mod.ts";
import { pauseBeforeAttempt } from "../protocol/mod.ts";
import { attempt, type Attempted, type Fetch } from "./attempt.ts";
import type { WebhookEvent } from "./event.ts";
import type { WebhookObserver, WebhookOutcome } from "./observer.ts";
import { signatureHeaders } from "./signature.ts";

/**
 * Events that wait for one URL; beyond, the newest is dropped. Some 3 MB: the joins of ten seconds at
 * a thousand a second, which is as fast as clients come back after a restart.
 */
export const MAX_WAITING = 10_000;
/** How long a receiver may take for its answer. */
export const ATTEMPT_TIMEOUT_MS = 10_000;
/** How long an event is tried: a receiver that restarts is back by then, and what waits is not stale. */
export const MAX_TRYING_MS = 300_000;
/** Steps of the jitter. */
const JITTER_STEPS = 1_000;

/** What a queue is made with. */
export type WebhookQueueOptions = {
  readonly url: string;
  /** Signs what is sent. */
  readonly key: Uint8Array;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly observer: WebhookObserver;
  readonly fetch: Fetch;
};

/** An event that waits, and how many were dropped between it and the one before. */
type Waiting = { readonly event: WebhookEvent; dropped: number };

/** The queue of one URL. */
export class WebhookQueue {
  readonly #options: WebhookQueueOptions;
  /** How the log names the URL: the rest of it may hold secrets. */
  readonly #name: string;
  readonly #waiting: Waiting[] = [];
  /** How many were dropped after the last that waits. */
  #dropped = 0;
  /** How many were dropped since the receiver was last up to date. */
  #missed = 0;
  #unsent = 0;
  #isFailing = false;
  #isOverflowing = false;
  #isClosing = false;
  #isOver = false;
  #running: Promise<void> | undefined;
  #endPause: (() => void) | undefined;
  #current: AbortController | undefined;

  /** Nothing waits at first, and nothing runs. */
  constructor(options: WebhookQueueOptions) {
    this.#options = options;
    const { origin, pathname } = new URL(options.url);
    this.#name = `${origin}${pathname}`;
  }

  /** How many events wait, the one that is being delivered included. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Has `event` delivered some time; drops it where too many wait, or after the close. */
  add(event: WebhookEvent): void {
    if (this.#isClosing || this.#waiting.length >= MAX_WAITING) return this.#turnAway();
    this.#waiting.push({ event, dropped: this.#dropped });
    this.#dropped = 0;
    this.#running ??= this.#run();
  }

  /**
   * Takes no more events. What waits gets one attempt each within `drainMs`, and is dropped then.
   * Idempotent; never rejects.
   */
  async close(drainMs: number): Promise<void> {
    this.#isClosing = true;
    this.#endPause?.();
    const cancel = this.#options.clock.after(drainMs, () => {
      this.#isOver = true;
      this.#current?.abort(new Error("the server stops"));
    });
    await this.#running;
    cancel();
    if (this.#unsent === 0) return;
    this.#options.log.warn("webhooks unsent", { url: this.#name, events: this.#unsent });
    this.#unsent = 0;
  }

  async #run(): Promise<void> {
    // The room whose event it is goes first: signing and sending can wait for the end of its turn.
    await new Promise<void>((resolve) => this.#options.clock.afterTurn(resolve));
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const outcome = this.#isOver ? "unsent" : await this.#deliver(next);
      this.#waiting.shift();
      if (outcome === "delivered") this.#delivered();
      else this.#giveUp(outcome, next);
    }
    this.#caughtUp();
    this.#running = undefined;
  }

  /** Tries `waiting` until something comes of it. */
  async #deliver({ event, dropped }: Waiting): Promise<WebhookOutcome> {
    const { clock, random } = this.#options;
    const body = JSON.stringify(dropped === 0 ? event : { ...event, dropped });
    const endAt = clock.elapsed() + MAX_TRYING_MS;
    for (let count = 1;; count++) {
      const attempted = await this.#attempt(event.id, body);
      if (attempted.kind === "delivered") return "delivered";
      if (this.#isOver) return "unsent";
      this.#failed(attempted.why, event);
      if (attempted.kind === "refused") return "refused";
      if (this.#isClosing) return "unsent";
      const pauseMs = pauseBeforeAttempt(count, {
        random: () => random.below(JITTER_STEPS) / JITTER_STEPS,
        floorMs: attempted.retryAfterMs,
      });
      if (clock.elapsed() + pauseMs > endAt) return "expired";
      await this.#pause(pauseMs);
    }
  }

  async #attempt(id: string, body: string): Promise<Attempted> {
    const { url, key, clock, fetch } = this.#options;
    const current = new AbortController();
    this.#current = current;
    const timeout = () => current.abort(new Error(`no answer within ${ATTEMPT_TIMEOUT_MS} ms`));
    const cancel = clock.after(ATTEMPT_TIMEOUT_MS, timeout);
    const headers = signatureHeaders(key, { id, atMs: clock.now(), body });
    try {
      const request = { url, headers, body, signal: current.signal };
      return await attempt(fetch, request, () => clock.now());
    } finally {
      cancel();
      this.#current = undefined;
    }
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
    this.#endPause = undefined;
  }

  /** The newest is dropped: whatever is added next says so. */
  #turnAway(): void {
    this.#dropped++;
    this.#settled(this.#isClosing ? "unsent" : "overflowed");
    if (this.#isClosing || this.#isOverflowing) return;
    // Said once, until nothing waits: before, it may overflow again with each event.
    this.#isOverflowing = true;
    this.#options.log.warn("webhooks overflow", { url: this.#name, waiting: MAX_WAITING });
  }

  /** The oldest is dropped, perhaps behind others: the one after it says so. */
  #giveUp(outcome: WebhookOutcome, { dropped }: Waiting): void {
    const next = this.#waiting[0];
    if (next === undefined) this.#dropped += dropped + 1;
    else next.dropped += dropped + 1;
    this.#settled(outcome);
  }

  #settled(outcome: WebhookOutcome): void {
    if (outcome !== "delivered") this.#missed++;
    if (outcome === "unsent") this.#unsent++;
    this.#options.observer.webhookSettled(outcome);
  }

  #failed(reason: string, { id, type }: WebhookEvent): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#options.log.warn("webhooks fail", { url: this.#name, reason, id, type });
  }

  #delivered(): void {
    this.#settled("delivered");
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#options.log.info("webhooks work again", { url: this.#name });
  }

  #caughtUp(): void {
    this.#isOverflowing = false;
    // While the receiver fails, or the server stops, nothing waits because it was dropped.
    if (this.#isFailing || this.#isClosing || this.#missed === 0) return;
    this.#options.log.info("webhooks caught up", { url: this.#name, dropped: this.#missed });
    this.#missed = 0;
  }
}
