/**
 * Reads numbers of any number of bits, the highest first, as the headers of video codecs are
 * written. One reader serves many headers; beyond the end bits read as 0 and `isOverrun` says so, so
 * that whoever reads asks once, when all is read.
 */
import { byteAt } from "./bytes.ts";

/** More zeros in front of a number than any field of ours has: the bytes are not what they seem. */
const MAX_LEADING_ZEROS = 31;

/** A place in an array of bytes, to the bit. */
export class BitReader {
  /** Whether more was read than there is. */
  isOverrun = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #bit = 0;
  #endBit = 0;

  /** Goes to `start`; what is at `end` and beyond does not exist. */
  open(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#bit = start * 8;
    this.#endBit = Math.min(end, bytes.length) * 8;
    this.isOverrun = false;
  }

  /** The next `count` bits, 0 to 32 of them. */
  bits(count: number): number {
    if (this.#bit + count > this.#endBit) {
      this.skip(count);
      return 0;
    }
    let value = 0;
    let left = count;
    while (left > 0) {
      const free = 8 - this.#bit % 8;
      const taken = Math.min(free, left);
      const byte = byteAt(this.#bytes, this.#bit >>> 3);
      value = value * 2 ** taken + (byte >> free - taken & (1 << taken) - 1);
      this.#bit += taken;
      left -= taken;
    }
    return value;
  }

  /** The next bit. */
  flag(): boolean {
    return this.bits(1) === 1;
  }

  /** Passes over `count` bits. */
  skip(count: number): void {
    this.#bit = Math.min(this.#bit + count, this.#endBit + 1);
    if (this.#bit > this.#endBit) this.isOverrun = true;
  }

  /** A number below `end` in as few bits as it takes: ns(n) of the AV1 specification, 4.10.7. */
  nonSymmetric(end: number): number {
    const width = 32 - Math.clz32(end);
    const shorter = 2 ** width - end;
    const value = this.bits(width - 1);
    return value < shorter ? value : value * 2 - shorter + this.bits(1);
  }

  /** ue(v) of H.264, section 9.1; uvlc() of AV1 is the same. */
  expGolomb(): number {
    let zeros = 0;
    while (!this.flag()) {
      zeros++;
      if (this.isOverrun || zeros > MAX_LEADING_ZEROS) {
        this.isOverrun = true;
        return 0;
      }
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v) of H.264, section 9.1.1. */
  signedExpGolomb(): number {
    const code = this.expGolomb();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}
