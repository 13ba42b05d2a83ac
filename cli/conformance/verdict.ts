/**
 * What becomes of a check: its verdict, and the two ways in which a check speaks up before its end, a
 * {@linkcode Finding} (the server is wrong) and {@linkcode NotApplicable} (it cannot be told here).
 */

/** `error`: the checker itself broke; that is never a pass. */
export type Verdict = "passed" | "failed" | "not applicable" | "error";

/** The server did something else than its protocol says. */
export class Finding extends Error {
  override readonly name = "Finding";
  /** What the protocol demands. */
  readonly expected: string;
  /** What came instead. */
  readonly seen: string;

  /** `expected` and `seen` in words or as JSON. */
  constructor(expected: string, seen: string) {
    super(`expected ${expected}, seen ${seen}`);
    this.expected = expected;
    this.seen = seen;
  }
}

/** The rule cannot be checked on this server, or not from outside; the message says why. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}

/** One line of what went over the wire. */
export type TranscriptLine = {
  /** Since the check began. */
  readonly atMs: number;
  /** Whose connection. */
  readonly who: string;
  /** `>` sent, `<` received, `·` about the connection. */
  readonly way: ">" | "<" | "·";
  /** The frame, cut where it is long. */
  readonly text: string;
};

/** The outcome of one check; `--json` prints it as it is. */
export type CheckResult = {
  /** The id of the rule. */
  readonly id: string;
  readonly section: string;
  readonly title: string;
  /** How the check goes about it. */
  readonly does: string;
  readonly verdict: Verdict;
  readonly durationMs: number;
  /** With `failed`: what the protocol demands, and what came. */
  readonly expected?: string;
  readonly seen?: string;
  /** With `not applicable` and `error`: why. */
  readonly reason?: string;
  /** Parts of the rule that were not checked, and why. */
  readonly notes: readonly string[];
  /** With `failed` and `error`: the last frames. */
  readonly transcript: readonly TranscriptLine[];
};
