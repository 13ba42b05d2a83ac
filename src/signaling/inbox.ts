/**
 * Keeps the messages of one connection in order when one of them has to wait, e.g. for a hash. While
 * none does, a message is handled at once and in the same turn, as if there were no inbox.
 */

/** Messages that wait behind one that is being handled; more are refused. */
const MAX_WAITING = 256;

/** The serial queue of one connection. */
export class Inbox<T> {
  readonly #handle: (message: T) => void | Promise<void>;
  #waiting: T[] = [];
  #isBusy = false;

  /** `handle` never rejects: it answers what fails. */
  constructor(handle: (message: T) => void | Promise<void>) {
    this.#handle = handle;
  }

  /** Handles `message` now, or after those before it. Returns false when too many wait already. */
  take(message: T): boolean {
    if (!this.#isBusy) {
      this.#run(message);
      return true;
    }
    if (this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push(message);
    return true;
  }

  /** Forgets what waits: the connection is over. */
  close(): void {
    this.#waiting = [];
  }

  #run(message: T): void {
    const done = this.#handle(message);
    if (done === undefined) return;
    this.#isBusy = true;
    void done.then(() => {
      this.#isBusy = false;
      while (!this.#isBusy && this.#waiting.length > 0) this.#run(this.#waiting.shift()!);
    });
  }
}
