/**
 * The command line as a process of its own, with exactly the permissions of its tasks. The tests of
 * `cli/commands` run it.
 */
import rootConfig from "../../deno.json" with { type: "json" };

/** What a command said, and how it ended. */
export type CliResult = { readonly code: number; readonly out: string; readonly err: string };

/** How to run a command. */
export type CliOptions = {
  /** Text for its standard input. Default: none. */
  readonly input?: string;
  /** When to send SIGINT: once one of the streams matches. Default: never. */
  readonly interruptAt?: RegExp;
  /** More environment variables. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
};

/** Runs `deno task <command> ...args` to its end. */
export async function runCli(
  command: keyof typeof rootConfig.tasks,
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const [, ...taskArgs] = rootConfig.tasks[command].split(/\s+/);
  const child = new Deno.Command(Deno.execPath(), {
    args: [...taskArgs, ...args],
    cwd: new URL("../../", import.meta.url),
    env: { NO_COLOR: "1", ...options.environment },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(options.input ?? ""));
  await writer.close();
  let isInterrupted = false;
  const watch = (text: string) => {
    if (isInterrupted || options.interruptAt?.test(text) !== true) return;
    isInterrupted = true;
    child.kill("SIGINT");
  };
  const [out, err, { code }] = await Promise.all([
    readAll(child.stdout, watch),
    readAll(child.stderr, watch),
    child.status,
  ]);
  return { code, out, err };
}

/** A process that prints its URL as its first line and runs until it is killed. */
export class FaultyServerProcess {
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

  /** Starts a server with one fault. */
  static async start(fault: string): Promise<FaultyServerProcess> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL("./faulty_server.ts", import.meta.url).pathname, fault],
      cwd: new URL("../../", import.meta.url),
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    return new FaultyServerProcess(new TextDecoder().decode(value).trim(), child, reader);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await Promise.all([this.#child.status, this.#reader.cancel()]);
  }
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  onText: (text: string) => void = () => {},
): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text += part;
    onText(text);
  }
  return text;
}
