/**
 * How many one address may have of something: sockets at the door, connections at the listener.
 */

/** Counts by address; what is not entered is not counted. */
export class AddressLimit {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  /** Nobody has anything at first. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Has this address as many as it may? An undefined one is not counted, and never full. */
  isFull(key: string | undefined): boolean {
    return key !== undefined && (this.#counts.get(key) ?? 0) >= this.#max;
  }

  /** Counts one more. Returns how to give it back, once; calling that again does nothing. */
  enter(key: string | undefined): () => void {
    if (key === undefined) return () => {};
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    let isEntered = true;
    return () => {
      if (!isEntered) return;
      isEntered = false;
      const left = (this.#counts.get(key) ?? 0) - 1;
      // An address that has nothing must not stay behind: there are very many of them.
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    };
  }

  /** How many addresses have something. */
  get size(): number {
    return this.#counts.size;
  }
}
