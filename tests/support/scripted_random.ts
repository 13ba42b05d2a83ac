/** Randomness that says what a test wrote down: numbers in order, ids counted up. */
import type { Random } from "../../src/base/mod.ts";

/** Draws `numbers` in order, the last one again and again. */
export class ScriptedRandom implements Random {
  readonly #numbers: number[];
  #ids = 0;

  /** Numbers for `below`; none needed where only ids are drawn. */
  constructor(...numbers: number[]) {
    this.#numbers = numbers;
  }

  below(end: number): number {
    const number = this.#numbers.length > 1 ? this.#numbers.shift() : this.#numbers[0];
    return (number ?? 0) % end;
  }

  id(length: number): string {
    return `${++this.#ids}`.padStart(length, "0");
  }
}
