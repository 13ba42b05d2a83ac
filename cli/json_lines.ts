/**
 * A file that grows by lines of JSON: the log of faults, the capture of a run. Lines are collected and
 * written in blocks, so that adding one is cheap; adding never throws, closing says what went wrong.
 */
import { UsageError } from "./arguments.ts";

/** So many characters are collected before they are written. */
const BLOCK_LENGTH = 65_536;

/** A file being written. */
export class JsonLines {
  readonly #file: Deno.FsFile;
  readonly #flag: string;
  readonly #path: string;
  readonly #encoder = new TextEncoder();
  #block: string[] = [];
  #length = 0;
  #failure: unknown;

  private constructor(file: Deno.FsFile, { flag, path }: { flag: string; path: string }) {
    this.#file = file;
    this.#flag = flag;
    this.#path = path;
  }

  /** Begins the file that flag `--flag` names; throws UsageError when it cannot be written. */
  static create(flag: string, path: string): JsonLines {
    try {
      const file = Deno.openSync(path, { write: true, create: true, truncate: true });
      return new JsonLines(file, { flag, path });
    } catch (error) {
      throw unusable(flag, path, error);
    }
  }

  /** Adds a line. */
  add(value: object): void {
    const line = `${JSON.stringify(value)}\n`;
    this.#block.push(line);
    this.#length += line.length;
    if (this.#length >= BLOCK_LENGTH) this.flush();
  }

  /** Writes what has been collected. */
  flush(): void {
    const block = this.#block.join("");
    this.#block = [];
    this.#length = 0;
    if (this.#failure !== undefined || block === "") return;
    try {
      const bytes = this.#encoder.encode(block);
      for (let at = 0; at < bytes.length;) at += this.#file.writeSync(bytes.subarray(at));
    } catch (error) {
      this.#failure = error; // A full disk: the run goes on, and `close` tells.
    }
  }

  /** Writes the rest; throws UsageError when not all of it could be written. */
  close(): void {
    this.flush();
    this.#file.close();
    if (this.#failure !== undefined) throw unusable(this.#flag, this.#path, this.#failure);
  }
}

function unusable(flag: string, path: string, error: unknown): UsageError {
  const reason = error instanceof Error ? error.message : `${error}`;
  return new UsageError(`Cannot use --${flag} "${path}": ${reason}`, { cause: error });
}
