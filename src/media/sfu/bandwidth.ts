/**
 * What the path to one subscriber is believed to take, in bits a second. Down at once when its
 * reports say that it is too much (`congestion.ts`); up only by trying, because no report says that
 * there is room: the estimate is raised to what one more layer needs, and when the path does not bear
 * that, it goes back and waits twice as long before the next trial. Driven by its caller's time.
 */
import { Congestion } from "./congestion.ts";

/** Where nobody has told: most paths take it, and a trial finds more within seconds. */
export const START_BITRATE = 1_000_000;
/** A trial that has lasted so long without complaint has succeeded. */
export const TRIAL_MS = 3_000;
/** Until something is too much for the first time, trials are shorter and reach further. */
export const FIRST_TRIAL_MS = 2_000;
/** How much further. */
export const FIRST_GROWTH = 1.5;
/** What is tried has to be sent; a publisher that does not start the layer by then will not. */
export const LONGEST_TRIAL_MS = 8_000;
/** The pause after something was too much; it doubles with each trial that fails. */
export const SHORTEST_PAUSE_MS = 5_000;
/** The longest pause. */
export const LONGEST_PAUSE_MS = 60_000;
/** Too much this soon after a trial makes it one that failed; later than this, it has held. */
export const HELD_MS = 20_000;
/** After a step down, queues drain and late reports come in: nothing is concluded for so long. */
export const SETTLE_MS = 2_000;
/** No estimate is less: one voice. */
export const LEAST_BITRATE = 60_000;
/** This part of what was allocated has to be sent, or nothing is learned of it. */
const REALISED = 0.7;

/** What is sent at one moment. */
export type Sending = {
  /** Milliseconds of a clock that never goes back. */
  readonly atMs: number;
  /** Bits a second that were sent over about the last second, what was sent again included. */
  readonly sent: number;
  /** What the pictures of the allocation come to (`Allocation.bitrate`). */
  readonly allocated: number;
  /** The estimate from which more would be sent (`Allocation.next`); `undefined`: all is sent. */
  readonly next: number | undefined;
};

/** The estimate for one subscriber. */
export class Bandwidth {
  readonly #congestion = new Congestion();
  #estimate: number;
  /** The trial that goes on: since when, and the estimate before it. */
  #trial: { readonly sinceMs: number; readonly before: number } | undefined;
  #lastTrialAtMs = -Infinity;
  #failures = 0;
  #mayTryAtMs = -Infinity;
  #settledAtMs = -Infinity;
  #wasCongested = false;

  /** Begins with an estimate of `startBitrate`, 1 Mbit/s where nothing is said. */
  constructor(startBitrate: number = START_BITRATE) {
    this.#estimate = Math.max(LEAST_BITRATE, startBitrate);
  }

  /** Bits a second. */
  get estimate(): number {
    return this.#estimate;
  }

  /** Whether something was too much for the path already; before, its bound is not known. */
  get isBounded(): boolean {
    return this.#wasCongested;
  }

  /** The receiver's own estimate came (REMB). */
  receiverEstimate(bitrate: number, atMs: number): void {
    this.#congestion.receiverEstimate(bitrate, atMs);
  }

  /** A receiver report says that of `expected` packets this part (0 to 1) was lost. */
  loss(fraction: number, expected: number): void {
    this.#congestion.loss(fraction, expected);
  }

  /** The receiver asks for so many packets again (NACK). */
  nacked(packets: number, atMs: number): void {
    this.#congestion.nacked(packets, atMs);
  }

  /** A receiver report tells the round trip. */
  roundTrip(ms: number, atMs: number): void {
    this.#congestion.roundTrip(ms, atMs);
  }

  /** Judges anew and returns the estimate; to be called after reports and every 200 ms to 500 ms. */
  update({ atMs, sent, allocated, next }: Sending): number {
    if (atMs < this.#settledAtMs) {
      this.#congestion.forget();
      return this.#estimate;
    }
    const isTrial = this.#trial !== undefined;
    const verdict = this.#congestion.judge({ atMs, sent, isTrial });
    if (verdict.kind === "congested") {
      this.#stepDown(atMs, verdict.bitrate);
      return this.#estimate;
    }
    // What is sent without a complaint is borne, whatever was believed of the path before.
    if (verdict.kind === "calm") this.#estimate = Math.max(this.#estimate, sent);
    const isRealised = sent >= allocated * REALISED;
    this.#forgetFailures(atMs);
    if (this.#trial !== undefined) this.#endTrial(this.#trial.sinceMs, atMs, isRealised);
    const mayTry = this.#trial === undefined && verdict.kind === "calm" && isRealised &&
      atMs >= this.#mayTryAtMs;
    if (mayTry && next !== undefined && next > this.#estimate) this.#try(atMs, next);
    return this.#estimate;
  }

  #try(atMs: number, next: number): void {
    this.#trial = { sinceMs: atMs, before: this.#estimate };
    this.#lastTrialAtMs = atMs;
    this.#estimate = this.#wasCongested ? next : Math.max(next, this.#estimate * FIRST_GROWTH);
  }

  #endTrial(sinceMs: number, atMs: number, isRealised: boolean): void {
    const trialMs = this.#wasCongested ? TRIAL_MS : FIRST_TRIAL_MS;
    const lastsMs = atMs - sinceMs;
    if (isRealised ? lastsMs >= trialMs : lastsMs >= LONGEST_TRIAL_MS) this.#trial = undefined;
  }

  #stepDown(atMs: number, bitrate: number): void {
    const isEarly = atMs - this.#lastTrialAtMs < HELD_MS;
    this.#failures = isEarly ? this.#failures + 1 : Math.max(1, this.#failures);
    // What was sent before the trial was borne.
    this.#estimate = this.#trial?.before ??
      Math.max(LEAST_BITRATE, Math.min(this.#estimate, bitrate));
    this.#trial = undefined;
    this.#wasCongested = true;
    this.#mayTryAtMs = atMs + pauseMs(this.#failures);
    this.#settledAtMs = atMs + SETTLE_MS;
    this.#congestion.forget();
  }

  #forgetFailures(atMs: number): void {
    const hasHeld = this.#lastTrialAtMs >= this.#settledAtMs;
    if (hasHeld && atMs - this.#lastTrialAtMs >= HELD_MS) this.#failures = 0;
  }
}

/** 5 s after the first failure, then 10 s, 20 s, 40 s, 60 s. */
function pauseMs(failures: number): number {
  return Math.min(SHORTEST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
}
