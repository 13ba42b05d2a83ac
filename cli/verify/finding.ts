/**
 * What is wrong, said so that somebody can look for it: the rule of PROTOCOL.md, who saw it, in
 * which message, what had to come and what came. The recorder and the merge write findings, the
 * reports print them.
 */

/** One broken promise of the server. */
export type Finding = {
  /** Rule of PROTOCOL.md. */
  readonly rule: string;
  /** The room in which it happened. */
  readonly roomId: string;
  /** The user that saw it, or did not. */
  readonly userId: string;
  /** Which message, in words: `user-left of user-3`. */
  readonly message: string;
  /** What the rule demands. */
  readonly expected: string;
  /** What came. */
  readonly seen: string;
};

/** A broken server breaks every message: beyond this many, findings are counted, not kept. */
export const MAX_FINDINGS = 1_000;

/** Collects findings, bounded. */
export class Findings {
  /** Hears of each finding that is kept, as it is made; default: nobody. */
  onKept: (finding: Finding) => void = () => {};
  readonly #kept: Finding[] = [];
  readonly #byRule = new Map<string, number>();
  #total = 0;
  /** What to add to what was seen, e.g. that a fault was injected there; default: nothing. */
  remarkFor: (userId: string) => string = () => "";

  /** Adds a finding; the first {@linkcode MAX_FINDINGS} are kept. */
  add(finding: Finding): void {
    this.#total++;
    this.#byRule.set(finding.rule, this.countOf(finding.rule) + 1);
    if (this.#kept.length >= MAX_FINDINGS) return;
    const remark = this.remarkFor(finding.userId);
    const kept = remark === "" ? finding : { ...finding, seen: `${finding.seen}${remark}` };
    this.#kept.push(kept);
    this.onKept(kept);
  }

  /** The findings that are kept, in the order in which they were found. */
  get kept(): readonly Finding[] {
    return this.#kept;
  }

  /** How many there were. */
  get total(): number {
    return this.#total;
  }

  /** How many broke `rule`. */
  countOf(rule: string): number {
    return this.#byRule.get(rule) ?? 0;
  }

  /** Every rule that was broken. */
  get rules(): string[] {
    return [...this.#byRule.keys()];
  }

  /** What it holds, as plain values. */
  get contents(): FindingContents {
    return { kept: this.#kept, byRule: [...this.#byRule], total: this.#total };
  }

  /** Adds what another collection held. */
  addAll({ kept, byRule, total }: FindingContents): void {
    this.#kept.push(...kept.slice(0, MAX_FINDINGS - this.#kept.length));
    for (const [rule, count] of byRule) this.#byRule.set(rule, this.countOf(rule) + count);
    this.#total += total;
  }
}

/** Findings as plain values. */
export type FindingContents = {
  readonly kept: readonly Finding[];
  readonly byRule: readonly (readonly [string, number])[];
  readonly total: number;
};
