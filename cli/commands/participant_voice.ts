/**
 * What `participant` says: JSON line by line for programs; for people a table that is drawn again in
 * place where somebody watches, and lines where nobody does.
 */
import { printable } from "../report/words.ts";
import type { Terminal } from "../terminal.ts";

/** The voice of one stay. */
export class ParticipantVoice {
  readonly #terminal: Terminal;
  readonly #isJson: boolean;
  #linesDrawn = 0;

  /** Writes to `terminal`. */
  constructor(terminal: Terminal, isJson: boolean) {
    this.#terminal = terminal;
    this.#isJson = isJson;
  }

  /** Says something once, for either. */
  tell(json: object, lines: readonly string[]): void {
    const { out } = this.#terminal;
    if (this.#isJson) return out.write(`${JSON.stringify(json)}\n`);
    this.#linesDrawn = 0;
    for (const line of lines) out.write(`${printable(line)}\n`);
  }

  /** Says how things stand: in the place of what was said so the last time, where that can be. */
  redraw(json: object, lines: readonly string[]): void {
    const { out } = this.#terminal;
    if (this.#isJson) return out.write(`${JSON.stringify(json)}\n`);
    const shown = lines.map((line) => printable(line));
    if (!out.isTty) return out.write(shown.map((line) => `${line}\n`).join(""));
    const columns = out.columns();
    const up = this.#linesDrawn > 0 ? `\x1b[${this.#linesDrawn}A` : "";
    // Each line is cleared behind its end, and whatever stood below the block as well.
    const block = shown.map((line) => `${line.slice(0, columns - 1)}\x1b[K\n`).join("");
    out.write(`\r${up}${block}\x1b[J`);
    this.#linesDrawn = shown.length;
  }

  /** Says what happened beside. */
  notice(words: string): void {
    this.#linesDrawn = 0;
    this.#terminal.err.write(`${printable(words)}\n`);
  }
}
