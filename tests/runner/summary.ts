/** What `deno test` says in the end, and several of it added up. */

/** The end of a run. */
export type Summary = {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
  /** The tests that failed, each with its place, and below it what went wrong where that is known. */
  readonly failures: readonly string[];
};

/** The closing line: `ok | 12 passed (3 steps) | 0 failed | 1 ignored (2s)`, or `FAILED | ...`. */
const CLOSING_LINE = /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed(?:.*? \| (\d+) ignored)?/;
/** What stands above the list of what failed. */
const HEADING = /^ FAILURES ?$/;
/** What stands below the name of a test that failed, further up. */
const ERROR = /^error: (.*)$/;

/** Reads the output of one `deno test` line by line, without colours. */
export class SummaryReader {
  #summary: Summary | undefined;
  #failures: string[] | undefined;
  /** What went wrong, by the line that names the test. */
  readonly #errors = new Map<string, string>();
  #lineBefore = "";

  /** Takes the next line; whether it is the closing one. */
  read(line: string): boolean {
    const [, passed, failed, ignored = "0"] = CLOSING_LINE.exec(line) ?? [];
    if (passed !== undefined && failed !== undefined) {
      const failures = this.#failures ?? [];
      this.#summary = { passed: +passed, failed: +failed, ignored: +ignored, failures };
      return true;
    }
    if (HEADING.test(line)) this.#failures = [];
    else if (this.#failures === undefined) this.#readError(line);
    else if (line !== "") this.#failures.push(line, ...this.#errorOf(line));
    return false;
  }

  /** What the run came to; a run that said nothing in the end has failed as a whole. */
  summaryOf(name: string): Summary {
    if (this.#summary !== undefined) return this.#summary;
    const failures = [`the tests ${name} did not run to their end`];
    return { passed: 0, failed: 1, ignored: 0, failures };
  }

  #readError(line: string): void {
    const [, error] = ERROR.exec(line) ?? [];
    if (error !== undefined) this.#errors.set(this.#lineBefore, error);
    this.#lineBefore = line;
  }

  #errorOf(name: string): string[] {
    const error = this.#errors.get(name);
    return error === undefined ? [] : [`    ${error}`];
  }
}

/** All of them as one. */
export function sumOf(summaries: readonly Summary[]): Summary {
  return summaries.reduce((sum, one) => ({
    passed: sum.passed + one.passed,
    failed: sum.failed + one.failed,
    ignored: sum.ignored + one.ignored,
    failures: [...sum.failures, ...one.failures],
  }), { passed: 0, failed: 0, ignored: 0, failures: [] });
}

/** The lines for people, the last of them as `deno test` would write it. */
export function linesOf(
  { passed, failed, ignored, failures }: Summary,
  elapsedMs: number,
): string[] {
  const seconds = Math.round(elapsedMs / 1000);
  const verdict = failed === 0 ? "ok" : "FAILED";
  const skipped = ignored === 0 ? "" : ` | ${ignored} ignored`;
  const closing = `${verdict} | ${passed} passed | ${failed} failed${skipped}` +
    ` (${Math.floor(seconds / 60)}m${seconds % 60}s)`;
  return failures.length === 0 ? ["", closing] : ["", " FAILURES ", "", ...failures, "", closing];
}
