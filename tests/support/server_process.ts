/**
 * The real server as a process of its own, for tests that need one: a browser's sockets to a server
 * in the test's own process would cross the borders of the sanitizers. It runs with exactly the
 * permissions of `deno task start`.
 */
import rootConfig from "../../deno.json" with { type: "json" };

/** A server that has not said its address by then does not start. Bundling cold takes seconds. */
const START_TIMEOUT_MS = 60_000;
/** A server that has not stopped by then is killed, and the test fails. */
const STOP_TIMEOUT_MS = 15_000;

/** How to start a server. */
export interface ServerProcessOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** More flags for `server.ts`. Default none. */
  readonly args?: readonly string[];
}

/** A running server. */
export class ServerProcess {
  /** Where it listens, without a slash at the end. */
  readonly address: string;
  readonly #child: Deno.ChildProcess;
  readonly #output: Promise<void>;

  private constructor(address: string, child: Deno.ChildProcess, output: Promise<void>) {
    this.address = address;
    this.#child = child;
    this.#output = output;
  }

  /** Starts a server and waits until it listens. Rejects with its output when it does not. */
  static async start(options: ServerProcessOptions = {}): Promise<ServerProcess> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [...runArguments(), "--port", String(options.port ?? 0), ...(options.args ?? [])],
      cwd: new URL("../../", import.meta.url),
      env: { NO_COLOR: "1", HOST: "127.0.0.1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const said = new Output();
    const output = Promise.all([said.take(child.stdout), said.take(child.stderr)]).then(() => {});
    const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
    const address = await said.address;
    clearTimeout(timer);
    if (address !== undefined) return new ServerProcess(address, child, output);
    await Promise.all([child.status, output]);
    throw new Error(`Cannot start the server, it said:\n${said.text}`);
  }

  /** The port it listens on. */
  get port(): number {
    return Number(new URL(this.address).port);
  }

  /** Asks it to stop, as an operator would, and waits. Rejects when it does not stop in time. */
  async stop(): Promise<void> {
    let isLate = false;
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => {
      isLate = true;
      this.#child.kill("SIGKILL");
    }, STOP_TIMEOUT_MS);
    await Promise.all([this.#child.status, this.#output]);
    clearTimeout(timer);
    if (isLate) {
      throw new Error(`Cannot stop the server: SIGTERM did nothing for ${STOP_TIMEOUT_MS} ms`);
    }
  }

  /** Ends it without a word, as a crash would, and waits. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await Promise.all([this.#child.status, this.#output]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** What the process says, and the address in it. */
class Output {
  text = "";
  readonly address: Promise<string | undefined>;
  #resolve: (address: string | undefined) => void = () => {};
  #open = 2;

  constructor() {
    this.address = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  async take(stream: ReadableStream<Uint8Array>): Promise<void> {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      this.text += part;
      const match = /(http:\/\/127\.0\.0\.1:\d+)\//.exec(this.text);
      if (match !== null) this.#resolve(match[1]);
    }
    this.#open -= 1;
    if (this.#open === 0) this.#resolve(undefined);
  }
}

/** The arguments of `deno task start`, for the same executable that runs the test. */
function runArguments(): string[] {
  const [command, ...args] = rootConfig.tasks.start.split(/\s+/);
  if (command !== "deno") {
    throw new TypeError(`Cannot run "${command}": the start task is not deno`);
  }
  return args;
}
