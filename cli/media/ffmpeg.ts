/**
 * ffmpeg as a process: what encodes a camera and decodes for MJPEG, where it is installed. The only file
 * that starts it; nothing else of the terminal needs it.
 */

/** ffmpeg is not there, or may not be started. The message says what to do. */
export class FfmpegMissing extends Error {
  override readonly name = "FfmpegMissing";
}

/** What it said last that is kept, for people. */
const MAX_SAID = 2_000;

/** A process of it. */
export class Ffmpeg {
  /** What it writes on its standard output. */
  readonly output: ReadableStream<Uint8Array>;
  /** Resolves when it has ended, to what it said in its last words. */
  readonly ended: Promise<string>;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #isClosed = false;
  #said = "";

  private constructor(child: Deno.ChildProcess, hasInput: boolean) {
    this.#child = child;
    this.output = child.stdout;
    this.#input = hasInput ? child.stdin.getWriter() : undefined;
    this.ended = this.#listen();
  }

  /**
   * Starts it; `what` is what it is for, e.g. `--camera`. Throws {@linkcode FfmpegMissing}.
   */
  static start(
    args: readonly string[],
    { what, hasInput = false }: { readonly what: string; readonly hasInput?: boolean },
  ): Ffmpeg {
    try {
      const child = new Deno.Command("ffmpeg", {
        args: ["-hide_banner", "-nostats", "-loglevel", "error", ...args],
        stdin: hasInput ? "piped" : "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      return new Ffmpeg(child, hasInput);
    } catch (error) {
      const isMissing = error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotCapable;
      if (!isMissing) throw error;
      throw new FfmpegMissing(
        `Cannot use ${what} without ffmpeg, which is not installed. Install it with ` +
          `"apt install ffmpeg" (Debian, Ubuntu), "brew install ffmpeg" (macOS) or ` +
          `"winget install ffmpeg" (Windows)`,
        { cause: error },
      );
    }
  }

  /** Looks whether it is there. Rejects with {@linkcode FfmpegMissing}. */
  static async demand(what: string): Promise<void> {
    const ffmpeg = Ffmpeg.start(["-version"], { what });
    await ffmpeg.output.cancel();
    await ffmpeg.ended;
  }

  /** Hands it bytes; `false`: it has ended, or does not keep up. */
  write(bytes: Uint8Array): boolean {
    const input = this.#input;
    if (this.#isClosed || input === undefined || (input.desiredSize ?? 0) < -MAX_WAITING) {
      return false;
    }
    input.write(bytes).catch(() => {}); // It has ended, and `ended` tells.
    return true;
  }

  /** Ends it. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#input?.abort().catch(() => {}); // It may have ended before.
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
  }

  async #listen(): Promise<string> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#said = (this.#said + text).slice(-MAX_SAID);
    }
    await this.#child.status;
    this.#isClosed = true;
    return this.#said.trim().split("\n").at(-1) ?? "";
  }
}

/** Writes that may wait: what is encoded is some kilobytes each. */
const MAX_WAITING = 64;
