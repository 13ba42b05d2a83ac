/**
 * A ladder of steps, each of which costs more bits a second than the one below it, and where on it one
 * may stand. It goes down soon and up late, and later each time that going up was a mistake: a picture
 * that changes its size all the time is worse than a small one.
 */

/** A lack shorter than this passes; a browser's own congestion control bridges it. */
export const DOWN_MS = 2_000;
/** A processor that is behind for a moment is none that is too slow. */
export const CPU_DOWN_MS = 5_000;
/** So long must there be enough for more before more is sent. */
export const UP_MS = 5_000;
/** Who falls this soon after a climb climbed too early. */
export const TOO_EARLY_MS = 20_000;
/** The longest that a climb is put off. */
export const LONGEST_UP_MS = 60_000;
/** Below this part of what a step costs, it cannot be held. */
export const ENOUGH = 0.8;

/** What one knows at one moment. */
export interface Footing {
  /** Bits a second that there are; undefined where the browser does not say. */
  readonly budget: number | undefined;
  readonly limitedBy: "none" | "cpu" | "bandwidth" | "other";
  /** The highest step that makes sense now, whatever there is. */
  readonly ceiling: number;
}

/** Where one stands on the ladder. */
export class BitrateLadder {
  readonly #costs: readonly number[];
  readonly #start: number;
  #level: number;
  #cause: "cpu" | "bandwidth" | undefined;
  #lacking: number | undefined;
  #slow: number | undefined;
  #ample: number | undefined;
  #climbedAt = -Infinity;
  /** Whether one still stands where the last climb led. */
  #isHeld = false;
  #upMs = UP_MS;

  /** `costs` in bits a second, smallest first; `start` is the first step. */
  constructor(costs: readonly number[], start: number) {
    this.#costs = costs;
    this.#start = start;
    this.#level = start;
  }

  /** What led it below the first step; undefined where it stands there or higher. */
  get cause(): "cpu" | "bandwidth" | undefined {
    return this.#level < this.#start ? this.#cause : undefined;
  }

  /** The step to stand on at `at` (milliseconds of a clock that never goes back). */
  step(at: number, footing: Footing): number {
    const standing = Math.min(this.#level, footing.ceiling);
    const next = Math.min(standing + 1, footing.ceiling);
    this.#lacking = this.#isLacking(standing, footing) ? this.#lacking ?? at : undefined;
    this.#slow = footing.limitedBy === "cpu" ? this.#slow ?? at : undefined;
    const mayClimb = next > this.#level && this.#isAmple(next, footing);
    this.#ample = mayClimb ? this.#ample ?? at : undefined;
    if (lasts(this.#lacking, at, DOWN_MS)) {
      this.#fall(at, this.#affordable(standing, footing), "bandwidth");
    } else if (lasts(this.#slow, at, CPU_DOWN_MS)) this.#fall(at, standing - 1, "cpu");
    else if (lasts(this.#ample, at, this.#upMs)) this.#climb(at, next);
    else if (this.#isHeld && at - this.#climbedAt >= TOO_EARLY_MS) this.#upMs = UP_MS;
    return Math.min(this.#level, footing.ceiling);
  }

  #isLacking(standing: number, { budget, limitedBy }: Footing): boolean {
    if (standing === 0) return false;
    if (budget === undefined) return limitedBy === "bandwidth";
    const cost = this.#costs[standing] ?? 0;
    return budget < cost * ENOUGH || (limitedBy === "bandwidth" && budget < cost);
  }

  #isAmple(next: number, { budget, limitedBy }: Footing): boolean {
    if (limitedBy === "cpu" || limitedBy === "bandwidth") return false;
    return budget === undefined || budget >= (this.#costs[next] ?? Infinity);
  }

  /** The highest step below `standing` that there is enough for. */
  #affordable(standing: number, { budget }: Footing): number {
    if (budget === undefined) return standing - 1;
    const enough = this.#costs.findLastIndex((cost) => cost <= budget);
    return Math.min(enough, standing - 1);
  }

  #fall(at: number, level: number, cause: "cpu" | "bandwidth"): void {
    this.#cause = cause;
    if (at - this.#climbedAt < TOO_EARLY_MS) this.#upMs = Math.min(this.#upMs * 2, LONGEST_UP_MS);
    this.#isHeld = false;
    this.#move(Math.max(0, level));
  }

  #climb(at: number, level: number): void {
    this.#climbedAt = at;
    this.#isHeld = true;
    this.#move(level);
  }

  /** Whatever was seen before was seen from another step. */
  #move(level: number): void {
    this.#level = level;
    this.#lacking = this.#slow = this.#ample = undefined;
  }
}

function lasts(since: number | undefined, at: number, ms: number): boolean {
  return since !== undefined && at - since >= ms;
}
