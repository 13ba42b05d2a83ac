/**
 * Bytes of a frame that grows packet by packet. The readers of payloads write into it; it is used
 * again for the next frame, so that only a whole frame costs memory of its own.
 */

/** A key frame of a picture of 4K pixels takes a fraction of it; whoever sends more is at fault. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const FIRST_CAPACITY = 16 * 1024;

/** The bytes so far. */
export class FrameBytes {
  /** How many there are. */
  length = 0;
  #bytes = new Uint8Array(FIRST_CAPACITY);

  /** Adds the bytes from `start` up to `end`; `false`, and nothing has changed: it grows too long. */
  append(source: Uint8Array, start: number, end: number): boolean {
    const size = end - start;
    if (!this.#makeRoom(size)) return false;
    if (start === 0 && end === source.length) this.#bytes.set(source, this.length);
    else this.#bytes.set(source.subarray(start, end), this.length);
    this.length += size;
    return true;
  }

  /** Adds one byte. */
  appendByte(value: number): boolean {
    if (!this.#makeRoom(1)) return false;
    this.#bytes[this.length++] = value;
    return true;
  }

  /** Adds the bytes of another one. */
  appendAll(other: FrameBytes): boolean {
    return this.append(other.#bytes, 0, other.length);
  }

  /** The bytes, valid until the next change. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  /** A copy of the bytes. */
  copy(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  /** Begins anew. */
  clear(): void {
    this.length = 0;
  }

  #makeRoom(size: number): boolean {
    const needed = this.length + size;
    if (needed > MAX_FRAME_BYTES) return false;
    if (needed <= this.#bytes.length) return true;
    let capacity = this.#bytes.length;
    while (capacity < needed) capacity *= 2;
    const grown = new Uint8Array(capacity);
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
    return true;
  }
}
