/**
 * Servers of other protocols as processes of their own, for the tests of the dialects: real ones, from
 * their packages.
 */

/** A running server that prints its URL as its first line. */
export class DialectServer {
  /** Its address. */
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

  /** Starts `tests/support/<name>_server.ts`. */
  static async start(
    name: "socketio_rooms" | "peerjs",
    ...args: readonly string[]
  ): Promise<DialectServer> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL(`./${name}_server.ts`, import.meta.url).pathname, ...args],
      cwd: new URL("../../", import.meta.url),
      stdin: "null",
      stdout: "piped",
      stderr: "null", // A server that is brought down says so at length.
    }).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    return new DialectServer(new TextDecoder().decode(value).trim(), child, reader);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself: some checks do that to some servers.
    }
    await Promise.all([this.#child.status, this.#reader.cancel()]);
  }
}
