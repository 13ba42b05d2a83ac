/** Bytes that come in pieces and are taken in others. */

/** A queue of bytes. */
export class ByteQueue {
  #bytes = new Uint8Array(65_536);
  #from = 0;
  #to = 0;

  /** How many wait. */
  get length(): number {
    return this.#to - this.#from;
  }

  /** Adds a copy of `bytes`. */
  add(bytes: Uint8Array): void {
    if (this.#to + bytes.length > this.#bytes.length) this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#to);
    this.#to += bytes.length;
  }

  /** The next `count`, which stay; valid until the next change. undefined: not so many are there. */
  peek(count: number): Uint8Array | undefined {
    return count > this.length ? undefined : this.#bytes.subarray(this.#from, this.#from + count);
  }

  /** The next `count`, a copy. undefined: not so many are there, and all stay. */
  take(count: number): Uint8Array | undefined {
    const bytes = this.peek(count)?.slice();
    if (bytes !== undefined) this.#from += count;
    return bytes;
  }

  /** Where `pattern` stands, from `start` on; -1: nowhere. */
  find(pattern: readonly number[], start = 0): number {
    const last = this.length - pattern.length;
    for (let at = start; at <= last; at++) {
      if (pattern.every((byte, index) => this.#bytes[this.#from + at + index] === byte)) return at;
    }
    return -1;
  }

  #makeRoom(count: number): void {
    const waiting = this.#bytes.subarray(this.#from, this.#to);
    const length = waiting.length + count;
    const isLarger = length > this.#bytes.length;
    const target = isLarger
      ? new Uint8Array(Math.max(length, this.#bytes.length * 2))
      : this.#bytes;
    if (isLarger) target.set(waiting);
    else target.copyWithin(0, this.#from, this.#to);
    this.#bytes = target;
    this.#to -= this.#from;
    this.#from = 0;
  }
}
