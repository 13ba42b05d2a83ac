/**
 * How often each promise was put to the test. A run that checked nothing must not look like a run
 * that found nothing wrong, so the reports print these numbers beside the verdict.
 */

/** Counts by rule of PROTOCOL.md. */
export class Tally {
  readonly #counts = new Map<string, number>();

  /** `rule` was checked `times` times more. */
  add(rule: string, times = 1): void {
    this.#counts.set(rule, this.of(rule) + times);
  }

  /** How often `rule` was checked. */
  of(rule: string): number {
    return this.#counts.get(rule) ?? 0;
  }

  /** What it holds, as plain values. */
  get contents(): TallyContents {
    return [...this.#counts];
  }

  /** Takes over the counts of another one. */
  addAll(contents: TallyContents): void {
    for (const [rule, count] of contents) this.add(rule, count);
  }
}

/** Counts as plain values. */
export type TallyContents = readonly (readonly [string, number])[];
