/**
 * One thing after the other: what a connection is asked to do waits until it has done what it was
 * asked before. The calls of RTCPeerConnection are asynchronous, and two descriptions that overlap
 * are a fault that shows once in a thousand calls.
 */

/** Work in order, until it is closed. */
export class SerialQueue {
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;
  readonly #failed: (fault: unknown) => void;

  /** `failed` hears of every task that rejects; the next one runs nevertheless. */
  constructor(failed: (fault: unknown) => void) {
    this.#failed = failed;
  }

  /** Runs `task` after all before it; resolves when it is over, however it ended. */
  run(task: () => void | Promise<void>): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (this.#isClosed) return;
      try {
        await task();
      } catch (fault) {
        // What was under way when its connection was closed fails, and nobody waits for it.
        if (!this.#isClosed) this.#failed(fault);
      }
    });
    return this.#last;
  }

  /** Forgets what waits, and the failure of what is under way. Idempotent. */
  close(): void {
    this.#isClosed = true;
  }
}
