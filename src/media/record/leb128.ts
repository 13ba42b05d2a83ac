/** Lengths as AV1 writes them: leb128() of the AV1 specification, section 4.10.5. */
import { byteAt } from "../rtp/bytes.ts";

/** 28 bits are more than any unit of ours has. */
const MAX_BYTES = 4;

/** The number at `start`; -1: it is not whole before `end`, or too long. */
export function readLeb(bytes: Uint8Array, start: number, end: number): number {
  const length = lebLengthAt(bytes, start);
  if (length > MAX_BYTES || start + length > end) return -1;
  let value = 0;
  for (let index = 0; index < length; index++) {
    value |= (byteAt(bytes, start + index) & 0x7f) << index * 7;
  }
  return value;
}

/** How many bytes the number at `start` has, at most one more than are read. */
export function lebLengthAt(bytes: Uint8Array, start: number): number {
  let length = 1;
  while (length <= MAX_BYTES && (byteAt(bytes, start + length - 1) & 0x80) !== 0) length++;
  return length;
}
