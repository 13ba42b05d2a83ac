/**
 * The real server as a process of its own, for tests that need one: a browser's sockets to a server
 * in the test's own process would cross the borders of the sanitizers. It runs with exactly the
 * permissions of `deno task start`.
 */
import { startArguments } from "./start_task.ts";

/** A server that has not said its address by then does not start. Bundling cold takes seconds. */
const START_TIMEOUT_MS = 60_000;
/** Where the start line says that it listens. */
const ADDRESS = /(https?:\/\/[\w.]+:\d+)\//;
/** A server that has not stopped by then is killed, and the test fails. */
const STOP_TIMEOUT_MS = 15_000;

/** How to start a server. */
export interface ServerProcessOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** More flags for `server.ts`. Default none. */
  readonly args?: readonly string[];
  /** More environment variables. Default none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it must have said before it counts as started, beside its address. Default nothing. */
  readonly waitFor?: RegExp;
  /** The program, from the project's root. Default: what the start task runs, `server.ts`. */
  readonly entry?: string;
}

/** A running server. */
export class ServerProcess {
  /** Where it listens, without a slash at the end. */
  readonly address: string;
  readonly #child: Deno.ChildProcess;
  readonly #output: Output;

  private constructor(address: string, child: Deno.ChildProcess, output: Output) {
    this.address = address;
    this.#child = child;
    this.#output = output;
  }

  /** Starts a server and waits until it listens. Rejects with its output when it does not. */
  static async start(options: ServerProcessOptions = {}): Promise<ServerProcess> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...runArguments(options.entry),
        "--port",
        String(options.port ?? 0),
        ...(options.args ?? []),
      ],
      cwd: new URL("../../", import.meta.url),
      env: { NO_COLOR: "1", HOST: "127.0.0.1", ...options.environment },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const output = new Output(child);
    const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
    const address = (await output.untilSaid(ADDRESS))?.[1];
    if (options.waitFor !== undefined) await output.untilSaid(options.waitFor);
    clearTimeout(timer);
    if (address !== undefined) return new ServerProcess(address, child, output);
    await Promise.all([child.status, output.ended]);
    throw new Error(`Cannot start the server, it said:\n${output.text}`);
  }

  /** Everything it has printed so far. */
  get said(): string {
    return this.#output.text;
  }

  /** Waits until it prints something; rejects when it ends without. */
  async untilSaid(expected: RegExp): Promise<void> {
    if (await this.#output.untilSaid(expected) !== undefined) return;
    throw new Error(`The server ended without ${expected}, it said:\n${this.said}`);
  }

  /** Names it to the operating system. */
  get pid(): number {
    return this.#child.pid;
  }

  /** The port it listens on. */
  get port(): number {
    return Number(new URL(this.address).port);
  }

  /** Asks it to stop, as an operator would, and waits for its exit code. */
  async stop(signal: "SIGTERM" | "SIGINT" = "SIGTERM"): Promise<number> {
    let isLate = false;
    this.#child.kill(signal);
    const timer = setTimeout(() => {
      isLate = true;
      this.#child.kill("SIGKILL");
    }, STOP_TIMEOUT_MS);
    const [{ code }] = await Promise.all([this.#child.status, this.#output.ended]);
    clearTimeout(timer);
    if (isLate) {
      throw new Error(`Cannot stop the server: ${signal} did nothing for ${STOP_TIMEOUT_MS} ms`);
    }
    return code;
  }

  /** Ends it without a word, as a crash would, and waits. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await Promise.all([this.#child.status, this.#output.ended]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** What the process says, on both streams, as it comes. */
class Output {
  text = "";
  readonly ended: Promise<void>;
  #hasEnded = false;
  readonly #waiting = new Set<() => void>();

  constructor(child: Deno.ChildProcess) {
    this.ended = Promise.all([this.#take(child.stdout), this.#take(child.stderr)]).then(() => {
      this.#hasEnded = true;
      this.#wake();
    });
  }

  /** Waits until the text matches; `undefined` when the process ends without. */
  async untilSaid(expected: RegExp): Promise<RegExpExecArray | undefined> {
    for (;;) {
      const match = expected.exec(this.text);
      if (match !== null) return match;
      if (this.#hasEnded) return undefined;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async #take(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      this.text += part;
      this.#wake();
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** The arguments of the start task, with another program where one is given. */
function runArguments(entry: string | undefined): string[] {
  const args = startArguments();
  return entry === undefined ? args : [...args.slice(0, -1), entry];
}
