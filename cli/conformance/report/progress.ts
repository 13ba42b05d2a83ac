/**
 * A conformance run while it runs: on a terminal one line that is drawn again, anywhere else a line for
 * each check that fails. On the error stream, so that the output holds nothing but the result.
 */
import { bar, printable } from "../../report/words.ts";
import type { Stream } from "../../terminal.ts";
import type { CheckResult } from "../verdict.ts";

const BAR_COLUMNS = 24;

/** The progress of one run. */
export class Progress {
  readonly #stream: Stream;
  readonly #total: number;
  #done = 0;
  #bad = 0;

  /** Nothing is done yet. */
  constructor(stream: Stream, total: number) {
    this.#stream = stream;
    this.#total = total;
  }

  /** A check has ended. */
  add({ id, verdict, expected, seen, reason }: CheckResult): void {
    this.#done++;
    const isBad = verdict === "failed" || verdict === "error";
    if (isBad) this.#bad++;
    if (this.#stream.isTty) return this.#draw();
    if (!isBad) return;
    const why = expected === undefined ? `${reason}` : `expected ${expected}, seen ${seen}`;
    this.#stream.write(`${id} ${verdict}: ${printable(why.split("\n")[0] ?? "")}\n`);
  }

  /** Clears the line. */
  end(): void {
    if (this.#stream.isTty) this.#stream.write("\r\x1b[K");
  }

  #draw(): void {
    const { style } = this.#stream;
    const { filled, empty } = bar(this.#done / Math.max(1, this.#total), BAR_COLUMNS);
    const failures = this.#bad === 0 ? "" : style("red", `  ${this.#bad} failed`);
    this.#stream.write(
      `\r  ${style("cyan", filled)}${style("dim", empty)}  ${this.#done}/${this.#total}` +
        `${failures}\x1b[K`,
    );
  }
}
