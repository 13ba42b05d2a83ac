/**
 * Bits of an H.264 bitstream, and the units that hold them (H.264, sections 7.2, 7.4.1 and 9.1). The
 * encoder of the test pattern writes everything with it.
 */

/** Slices of other pictures, and what may be dropped, are not made here. */
export type UnitType = typeof UNIT_TYPES[keyof typeof UNIT_TYPES];

/** Table 7-1. */
export const UNIT_TYPES = {
  slice: 1,
  keySlice: 5,
  extraInformation: 6,
  sequenceParameters: 7,
  pictureParameters: 8,
} as const;

const FIRST_CAPACITY = 4_096;

/** Bits that grow. */
export class BitWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #bits = 0;

  /** Whether whole bytes have been written. */
  get isAligned(): boolean {
    return this.#bits % 8 === 0;
  }

  /** u(n): the lowest `count` bits of `value`, up to 32. */
  bits(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) this.bit(Math.floor(value / 2 ** bit) % 2);
  }

  /** One bit. */
  bit(value: number): void {
    const at = this.#bits >> 3;
    this.#makeRoom(at + 1);
    if (value !== 0) this.#bytes[at]! |= 0x80 >> (this.#bits & 7);
    this.#bits++;
  }

  /** ue(v): an Exp-Golomb code. */
  unsigned(value: number): void {
    const code = value + 1;
    const length = 32 - Math.clz32(code);
    this.bits(0, length - 1);
    this.bits(code, length);
  }

  /** se(v): one with a sign. */
  signed(value: number): void {
    this.unsigned(value > 0 ? 2 * value - 1 : -2 * value);
  }

  /** Zeros up to the next whole byte. */
  align(): void {
    while (!this.isAligned) this.bit(0);
  }

  /** So many bytes of one value; to be called between whole bytes. */
  fill(value: number, count: number): void {
    const at = this.#bits >> 3;
    this.#makeRoom(at + count);
    this.#bytes.fill(value, at, at + count);
    this.#bits += count * 8;
  }

  /** rbsp_trailing_bits(): the end of a unit. */
  trail(): void {
    this.bit(1);
    this.align();
  }

  /** What was written; whole bytes. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#bits >> 3);
  }

  #makeRoom(length: number): void {
    if (length <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(length, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** A unit with its header; nothing in it looks like a start code (section 7.4.1.1). */
export function unitOf(type: UnitType, content: Uint8Array): Uint8Array {
  const isDropped = type === UNIT_TYPES.extraInformation; // nal_ref_idc: nobody needs it.
  const bytes = [(isDropped ? 0 : 0x60) | type];
  let zeros = 0;
  for (const byte of content) {
    if (zeros >= 2 && byte <= 3) {
      bytes.push(3);
      zeros = 0;
    }
    bytes.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Uint8Array.from(bytes);
}

/** The content of a unit behind its header, as it was before {@linkcode unitOf}. */
export function contentOf(unit: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  let zeros = 0;
  for (const byte of unit.subarray(1)) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    bytes.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Uint8Array.from(bytes);
}
