/**
 * Finds a short text in received bytes without decoding them (Horspool's search): how deliveries
 * are counted cheaply enough that the generator does not become the bottleneck.
 */

/** One text to look for. */
export class Needle {
  readonly #bytes: Uint8Array;
  readonly #skips: Uint8Array;

  /** `text` is ASCII and shorter than 256 characters. */
  constructor(text: string) {
    this.#bytes = new TextEncoder().encode(text);
    const last = this.#bytes.length - 1;
    this.#skips = new Uint8Array(256).fill(this.#bytes.length);
    for (let index = 0; index < last; index++) this.#skips[this.#bytes[index]!] = last - index;
  }

  /** How many bytes it is long. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Where it stands first in `bytes` at or after `from` and wholly before `end`; -1 if nowhere. */
  find(bytes: Uint8Array, from: number, end: number): number {
    const needle = this.#bytes;
    const skips = this.#skips;
    const last = needle.length - 1;
    for (let at = from + last; at < end; at += skips[bytes[at]!]!) {
      let back = 0;
      while (back <= last && bytes[at - back] === needle[last - back]) back++;
      if (back > last) return at - last;
    }
    return -1;
  }

  /** How often it stands in `bytes` between `from` and `end`. */
  count(bytes: Uint8Array, from: number, end: number): number {
    let found = 0;
    for (let at = this.find(bytes, from, end); at >= 0;) {
      found++;
      at = this.find(bytes, at + this.length, end);
    }
    return found;
  }
}
