/**
 * Servers for one conformance run: in this process, on one thread of their own, each with the settings
 * that a check needs. `conformance` starts them when it is given no `--url`.
 */
import type { Clock } from "../../src/base/mod.ts";
import type { WorkerAnswer, WorkerRequest } from "./own_servers_worker.ts";

/** A running server. */
export type OwnServer = {
  /** Where it listens, without a slash at the end. */
  readonly address: string;
  /** Stops it as a signal does; resolves when it has closed. Idempotent. */
  readonly stop: () => Promise<void>;
};

/** A server that did not start or stop by then will not. */
const TIMEOUT_MS = 20_000;

/** The servers of a run. */
export class OwnServers {
  readonly #clock: Clock;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: WorkerAnswer) => void>();
  readonly #running = new Set<OwnServer>();
  #failure: string | undefined;
  #count = 0;

  /** Starts the thread; no server yet. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#worker = new Worker(import.meta.resolve("./own_servers_worker.ts"), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => this.#answer(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#failure = event.message;
      for (const id of [...this.#waiting.keys()]) this.#answer({ id, error: event.message });
    };
  }

  /** Starts a server with these flags beside host and port; rejects when it does not start. */
  async start(...flags: readonly string[]): Promise<OwnServer> {
    const id = ++this.#count;
    const { port } = await this.#ask({ id, flags });
    let stopping: Promise<void> | undefined;
    const server: OwnServer = {
      address: `http://127.0.0.1:${port}`,
      stop: () => stopping ??= this.#ask({ id }).then(() => void this.#running.delete(server)),
    };
    this.#running.add(server);
    return server;
  }

  /** Stops every server and the thread. */
  async close(): Promise<void> {
    try {
      await Promise.all([...this.#running].map((server) => server.stop()));
    } finally {
      this.#worker.terminate();
    }
  }

  #ask(request: WorkerRequest): Promise<WorkerAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerAnswer>();
    const fail = (why: string) => {
      const action = request.flags === undefined ? "stop" : "start";
      reject(new Error(`Cannot ${action} a server in this process: ${why}`));
    };
    const cancel = this.#clock.after(TIMEOUT_MS, () => {
      this.#waiting.delete(request.id);
      fail(`it did not answer within ${TIMEOUT_MS} ms`);
    });
    this.#waiting.set(request.id, (answer) => {
      cancel();
      if (answer.error === undefined) resolve(answer);
      else fail(answer.error);
    });
    if (this.#failure !== undefined) this.#answer({ id: request.id, error: this.#failure });
    else this.#worker.postMessage(request);
    return promise;
  }

  #answer(answer: WorkerAnswer): void {
    const settle = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    settle?.(answer);
  }
}
