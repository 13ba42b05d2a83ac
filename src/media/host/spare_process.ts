/**
 * A program that is started and told nothing yet. Where a media process dies, this one takes its place
 * without the second that a start takes: the rooms of a dead process are back in three, and most of
 * that was waiting for the next one. The host keeps one for all places, and only while media are used.
 */
import type { Cancel, Clock, Logger } from "../../base/mod.ts";

/** So long after a start: who has come to a room first should have the machine to themselves. */
const PREPARE_AFTER_MS = 3_000;
/** What one that is not needed any more may take to end. */
const KILL_AFTER_MS = 1_000;

/** What a spare is made with. */
export type SpareProcessOptions = {
  /** Starts the program, with all three streams piped; throws where it may not. */
  readonly spawn: () => Deno.ChildProcess;
  readonly clock: Clock;
  readonly log: Logger;
};

/** One program in reserve, or none. */
export class SpareProcess {
  readonly #options: SpareProcessOptions;
  #child: Deno.ChildProcess | undefined;
  #cancel: Cancel | undefined;
  #isClosed = false;

  /** None yet. */
  constructor(options: SpareProcessOptions) {
    this.#options = options;
  }

  /** Names it to the operating system; `undefined`: there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** There is to be one, soon. */
  prepareSoon(): void {
    if (this.#isClosed || this.#child !== undefined) return;
    this.#cancel ??= this.#options.clock.after(PREPARE_AFTER_MS, () => this.#prepare());
  }

  /** Hands it over; whoever takes it ends it. `undefined`: there is none, and one has to be started. */
  take(): Deno.ChildProcess | undefined {
    const child = this.#child;
    this.#child = undefined;
    return child;
  }

  /** Ends it. Idempotent; resolves when it is gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    const child = this.take();
    if (child === undefined) return;
    signal(child, "SIGTERM");
    const cancel = this.#options.clock.after(KILL_AFTER_MS, () => signal(child, "SIGKILL"));
    await letGo(child);
    cancel();
  }

  #prepare(): void {
    this.#cancel = undefined;
    const { spawn, log } = this.#options;
    try {
      const child = spawn();
      this.#child = child;
      child.status.then(() => this.#ended(child));
    } catch (error) {
      // A start that is needed says why; this one was for the case that it is.
      log.debug("no spare media process", { error });
    }
  }

  /** It is dead before it was needed. Another follows the next start, not at once: it would die too. */
  #ended(child: Deno.ChildProcess): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    this.#options.log.warn("spare media process died", { pid: child.pid });
    void letGo(child);
  }
}

/** Closes the streams of a program that nobody speaks with, and waits for its end. */
async function letGo(child: Deno.ChildProcess): Promise<void> {
  await Promise.allSettled([child.stdin.close(), child.stdout.cancel(), child.stderr.cancel()]);
  await child.status;
}

function signal(child: Deno.ChildProcess, name: Deno.Signal): void {
  try {
    child.kill(name);
  } catch {
    // It is gone already, which is what was wanted.
  }
}
