/**
 * A server as a process of its own that prints its URL as its first line and runs until it is killed:
 * what the tests of the harness point at.
 */

/** A running server. */
export class SpawnedServer {
  /** What its first line said. */
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

  /** Runs the program `path` of this folder. */
  static async start(path: string, ...args: readonly string[]): Promise<SpawnedServer> {
    return await SpawnedServer.#spawn("inherit", path, args);
  }

  /** Runs one that may be brought down, and then says so at length. */
  static async startFrail(path: string, ...args: readonly string[]): Promise<SpawnedServer> {
    return await SpawnedServer.#spawn("null", path, args);
  }

  static async #spawn(
    stderr: "inherit" | "null",
    path: string,
    args: readonly string[],
  ): Promise<SpawnedServer> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL(path, import.meta.url).pathname, ...args],
      cwd: new URL("../../", import.meta.url),
      stdin: "null",
      stdout: "piped",
      stderr,
    }).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    return new SpawnedServer(new TextDecoder().decode(value).trim(), child, reader);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself: some tests do that to some servers.
    }
    await Promise.all([this.#child.status, this.#reader.cancel()]);
  }
}
