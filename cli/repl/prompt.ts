/**
 * Lines from the keyboard, with completion and history, and lines printed above the one that is being
 * typed. The only module that knows node:readline; `commands/client.ts` makes one on a terminal.
 */
import * as readline from "node:readline";
import { keyboard } from "../terminal.ts";

/** How many lines the arrow keys go back. */
const HISTORY_LINES = 500;

/** A line editor on the terminal. */
export class Prompt {
  readonly #editor: readline.Interface;
  readonly #output: ReturnType<typeof keyboard>["output"];
  #isOpen = true;
  #isAsking = false;

  /** An editor that asks with what `label` returns and completes with `completer`. */
  constructor(
    readonly label: () => string,
    completer: (line: string) => [string[], string],
  ) {
    const { input, output } = keyboard();
    this.#output = output;
    this.#editor = readline.createInterface({
      input,
      output,
      completer,
      historySize: HISTORY_LINES,
      removeHistoryDuplicates: true,
    });
    this.#editor.on("close", () => {
      this.#isOpen = false;
      if (this.#isAsking) output.write("\n"); // What follows must not stand behind the prompt.
    });
    this.#editor.on("SIGINT", () => {
      // Ctrl-C drops what is typed; with nothing typed it ends, as in a shell.
      if (this.#editor.line === "") return this.close();
      this.#editor.write(null, { ctrl: true, name: "e" });
      this.#editor.write(null, { ctrl: true, name: "u" });
    });
  }

  /** The lines that are typed, until the end of the input. */
  async *lines(): AsyncGenerator<string> {
    this.#ask(false);
    for await (const line of this.#editor) {
      this.#isAsking = false;
      yield line;
      this.#ask(false);
    }
  }

  /** Prints `line` above the one that is being typed, which stays as it is. */
  print(line: string): void {
    if (!this.#isOpen) return void this.#output.write(`${line}\n`);
    const { rows } = this.#editor.getCursorPos();
    readline.moveCursor(this.#output, 0, -rows);
    readline.cursorTo(this.#output, 0);
    readline.clearScreenDown(this.#output);
    this.#output.write(`${line}\n`);
    // The editor remembers on which row its cursor was and would go up over the printed line.
    Reflect.set(this.#editor, "prevRows", 0);
    this.#ask(true);
  }

  /** Ends the input. */
  close(): void {
    this.#editor.close();
  }

  #ask(keepsCursor: boolean): void {
    if (!this.#isOpen) return;
    this.#isAsking = true;
    this.#editor.setPrompt(this.label());
    this.#editor.prompt(keepsCursor);
  }
}
