/**
 * A TURN server within this process, on a thread of its own, for those who have none (`--turn
 * embedded`). When its thread fails it is started again, and browsers allocate anew.
 */
import type { Cancel, Clock, Logger } from "../base/mod.ts";

/** How the thread is told to work. */
export type EmbeddedOptions = {
  readonly secret: string;
  /** The port of UDP and TCP. */
  readonly port: number;
  readonly bindAddress: string;
  /** The address that relayed candidates carry. */
  readonly relayAddress: string;
  readonly relayPorts: { readonly from: number; readonly to: number };
  /** See PeerPolicy. */
  readonly ownAddresses: readonly string[];
  readonly mediaPorts: readonly number[];
  /** Where the media ports are bound. */
  readonly mediaAddress: string;
};

/** What the thread says. */
export type WorkerWord =
  | { readonly isListening: true }
  | { readonly failed: string }
  | TurnCounts;

/** How much there is. */
export type TurnCounts = { readonly allocations: number; readonly relayedBytes: number };

/** What the server around it brings. */
export type EmbeddedContext = {
  readonly clock: Clock;
  readonly log: Logger;
  /** Begins a thread. Default: that of `turn_worker.ts`. */
  readonly begin?: () => TurnThread;
};

/** As much of a worker as is needed. */
export type TurnThread = Pick<Worker, "onmessage" | "onerror" | "postMessage" | "terminate">;

/** A thread that did not listen by then will not. */
const START_TIMEOUT_MS = 30_000;
/** Between the end of a thread and the next one. */
const RESTART_MS = 1_000;

/** The running server. */
export class EmbeddedTurn {
  readonly #options: EmbeddedOptions;
  readonly #context: EmbeddedContext;
  #thread: TurnThread | undefined;
  #cancelRestart: Cancel | undefined;
  #counts: TurnCounts = { allocations: 0, relayedBytes: 0 };
  #isClosed = false;

  private constructor(options: EmbeddedOptions, context: EmbeddedContext) {
    this.#options = options;
    this.#context = context;
  }

  /** Starts one. Rejects with an error that says why when its ports cannot be had. */
  static async start(options: EmbeddedOptions, context: EmbeddedContext): Promise<EmbeddedTurn> {
    const turn = new EmbeddedTurn(options, context);
    try {
      await turn.#open();
    } catch (error) {
      turn.close();
      throw error;
    }
    return turn;
  }

  /** How much there was some seconds ago. */
  get counts(): TurnCounts {
    return this.#counts;
  }

  /** Ends the thread, and with it every allocation. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRestart?.();
    this.#thread?.terminate();
    this.#thread = undefined;
  }

  async #open(): Promise<void> {
    const { clock, log, begin = beginWorker } = this.#context;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const thread = begin();
    this.#thread = thread;
    let isListening = false;
    const cancel = clock.after(START_TIMEOUT_MS, () => reject(new Error("it does not listen")));
    thread.onmessage = ({ data }: MessageEvent<WorkerWord>) => {
      if ("isListening" in data) {
        isListening = true;
        resolve();
      } else if ("failed" in data) reject(new Error(data.failed));
      else this.#counts = data;
    };
    thread.onerror = (event) => {
      event.preventDefault(); // Else the fault of the thread would be one of this process.
      reject(new Error(event.message));
      if (!isListening || thread !== this.#thread) return;
      log.error("TURN server failed", { error: event.message });
      this.#restart(thread);
    };
    thread.postMessage(this.#options);
    await promise.finally(cancel);
  }

  #restart(thread: TurnThread): void {
    thread.terminate();
    this.#thread = undefined;
    if (this.#isClosed) return;
    const { clock, log } = this.#context;
    this.#cancelRestart = clock.after(RESTART_MS, () => {
      this.#open().catch((error) => {
        const failed = this.#thread;
        log.error("TURN server cannot start", { error: `${error}` });
        if (failed !== undefined) this.#restart(failed);
      });
    });
  }
}

function beginWorker(): TurnThread {
  return new Worker(import.meta.resolve("./turn_worker.ts"), { type: "module" });
}
