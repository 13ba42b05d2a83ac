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

  /** Takes over the counts of `other`. */
  addAll(other: Tally): void {
    for (const [rule, count] of other.#counts) this.add(rule, count);
  }
}
