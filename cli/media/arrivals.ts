/**
 * Which packets of a row have come: all up to a number but for those that are missing, and since when
 * each is. One for each row that the server numbers without a break.
 */

/** What became of a packet that came. */
export type Arrival =
  /** In order, or with a gap before it. */
  | "next"
  /** It was missing. */
  | "late"
  /** It was given up, and comes after all. */
  | "too late"
  /** It had come before. */
  | "again";

/** The packets of one row, by numbers that do not wrap. */
export class Arrivals {
  readonly first: number;
  #highest: number;
  readonly #missing = new Map<number, number>();
  readonly #given = new Set<number>();

  /** The row begins with `first`, which has come. */
  constructor(first: number) {
    this.first = first;
    this.#highest = first;
  }

  /** The highest number that has come. */
  get highest(): number {
    return this.#highest;
  }

  /** All up to this one have come. */
  get complete(): number {
    const [oldest] = this.#missing.keys(); // They are noted in the order of their numbers.
    return oldest === undefined ? this.#highest : oldest - 1;
  }

  /** One came at `at`. */
  take(number: number, at: number): Arrival {
    if (number <= this.#highest) {
      if (this.#missing.delete(number)) return "late";
      return this.#given.delete(number) ? "too late" : "again";
    }
    for (let missing = this.#highest + 1; missing < number; missing++) {
      this.#missing.set(missing, at);
    }
    this.#highest = number;
    return "next";
  }

  /** Gives up, and returns, what has been missing for `boundMs` at `at`. */
  overdue(at: number, boundMs: number): number[] {
    const given: number[] = [];
    for (const [number, since] of this.#missing) {
      if (at - since < boundMs) continue;
      given.push(number);
      this.#given.add(number);
      this.#missing.delete(number);
    }
    return given;
  }
}
