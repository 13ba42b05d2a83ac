/**
 * The outcome of a conformance run as one plain document: what `--json` writes and what the terminal,
 * JUnit and HTML reports are drawn from. Documented field by field because scripts read it.
 */
import type { CheckResult, Verdict } from "../verdict.ts";

/** What came of a run. */
export type RunVerdict = "conforms" | "fails" | "interrupted";

/** Exit codes by verdict; 2 is for usage, 3 for a server that cannot be reached. */
export const EXIT_CODES = { conforms: 0, fails: 1, interrupted: 130 } as const;

/** How many checks came to each verdict. */
export type Totals = { readonly [V in Verdict]: number };

/** The document. */
export type ConformanceReport = {
  /** Changes when a field changes its meaning. */
  readonly format: "signalbox-conformance/1";
  readonly verdict: RunVerdict;
  /** 0 conforms, 1 fails, 130 interrupted. */
  readonly exitCode: number;
  /** Which protocol was checked: `signalbox`, or a dialect. */
  readonly dialect: string;
  /** Which server; `isOwn` when the run started it itself. */
  readonly target: { readonly url: string; readonly isOwn: boolean };
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly totals: Totals;
  /** Every check that ran, in the order of the protocol. */
  readonly checks: readonly CheckResult[];
};

/** What the report says beside the results. */
export type RunFacts = {
  readonly dialect: string;
  readonly url: string;
  readonly isOwn: boolean;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly isInterrupted: boolean;
};

/** Draws up the document. */
export function reportOf(checks: readonly CheckResult[], facts: RunFacts): ConformanceReport {
  const totals = totalsOf(checks);
  const verdict = facts.isInterrupted
    ? "interrupted"
    : totals.failed + totals.error > 0
    ? "fails"
    : "conforms";
  const { dialect, url, isOwn, startedAt, durationMs } = facts;
  return {
    format: "signalbox-conformance/1",
    verdict,
    exitCode: EXIT_CODES[verdict],
    dialect,
    target: { url, isOwn },
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs),
    totals,
    checks,
  };
}

/** How many of `checks` came to each verdict. */
export function totalsOf(checks: readonly CheckResult[]): Totals {
  const count = (wanted: Verdict) => checks.filter(({ verdict }) => verdict === wanted).length;
  return {
    passed: count("passed"),
    failed: count("failed"),
    "not applicable": count("not applicable"),
    error: count("error"),
  };
}

/** The checks by section, in their order. */
export function bySection(
  checks: readonly CheckResult[],
): readonly (readonly [section: string, checks: readonly CheckResult[]])[] {
  const sections = new Map<string, CheckResult[]>();
  for (const check of checks) {
    sections.set(check.section, [...sections.get(check.section) ?? [], check]);
  }
  return [...sections];
}
