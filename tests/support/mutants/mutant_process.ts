/** A mutant of the server as a process of its own, for the tests of the harness. */

/** A running mutant. */
export class MutantProcess {
  /** Its WebSocket. */
  readonly url: string;
  readonly #child: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  private constructor(
    url: string,
    child: Deno.ChildProcess,
    reader: ReadableStreamDefaultReader<Uint8Array>,
  ) {
    this.url = url;
    this.#child = child;
    this.#reader = reader;
  }

  /** Starts the mutant of that name, with these flags; without a name, the correct server. */
  static async start(name?: string, flags: readonly string[] = []): Promise<MutantProcess> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", new URL("./serve.ts", import.meta.url).pathname],
        ...name === undefined ? [] : [name],
        ...flags,
      ],
      cwd: new URL("../../../", import.meta.url),
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    return new MutantProcess(new TextDecoder().decode(value).trim(), child, reader);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await Promise.all([this.#child.status, this.#reader.cancel()]);
  }
}
