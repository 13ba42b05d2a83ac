/**
 * Numbers in network byte order in an array of bytes. Everything in this folder reads and writes
 * through it; beyond the end bytes read as 0, so whoever cares has to compare with the length first.
 */

/** The byte at `offset`. */
export function byteAt(bytes: Uint8Array, offset: number): number {
  return bytes[offset] ?? 0;
}

/** The 16 bits at `offset`. */
export function uint16At(bytes: Uint8Array, offset: number): number {
  return byteAt(bytes, offset) << 8 | byteAt(bytes, offset + 1);
}

/** The 24 bits at `offset`. */
export function uint24At(bytes: Uint8Array, offset: number): number {
  return uint16At(bytes, offset) << 8 | byteAt(bytes, offset + 2);
}

/** The 32 bits at `offset`, never negative. */
export function uint32At(bytes: Uint8Array, offset: number): number {
  return (uint16At(bytes, offset) << 16 | uint16At(bytes, offset + 2)) >>> 0;
}

/** Writes the low 16 bits of `value` at `offset`. */
export function writeUint16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value;
}

/** Writes the low 24 bits of `value` at `offset`. */
export function writeUint24(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 16;
  writeUint16(bytes, offset + 1, value);
}

/** Writes the low 32 bits of `value` at `offset`. */
export function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  writeUint16(bytes, offset, value >>> 16);
  writeUint16(bytes, offset + 2, value);
}
