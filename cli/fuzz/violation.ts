/**
 * What a fuzz run can find: a rule that does not hold, who saw it, what the model expected and what
 * was seen instead.
 */

/** A rule of PROTOCOL.md that does not hold. */
export class Violation extends Error {
  override readonly name = "Violation";
  /** The rule's id. */
  readonly rule: string;
  /** Who saw it: a user, or how the run asked. */
  readonly seenBy: string;
  readonly expected: string;
  readonly seen: string;

  constructor(options: { rule: string; seenBy: string; expected: string; seen: string }) {
    const { rule, seenBy, expected, seen } = options;
    super(`${rule}, seen by ${seenBy}: expected ${expected}, seen ${seen}`);
    this.rule = rule;
    this.seenBy = seenBy;
    this.expected = expected;
    this.seen = seen;
  }
}

/** Time ran away: a seat may have expired or not, so what was seen proves nothing. */
export class Inconclusive extends Error {
  override readonly name = "Inconclusive";
}
