/** The units (OBU) of AV1's bitstream: section 5.3 of its specification. */
import { MediaFileError } from "./media_file.ts";

/** The type of the unit that every key frame comes with. */
export const SEQUENCE_HEADER = 1;

/** A unit, as it goes into a packet: without its length. */
export type Av1Unit = { readonly type: number; readonly bytes: Uint8Array };

const HAS_EXTENSION = 0x04;
const HAS_SIZE = 0x02;
/** 28 bits are more than any unit has. */
const MAX_LENGTH_BYTES = 4;
/** Of a byte of a length: another one follows. */
const HAS_MORE = 0x80;

/** The units of a temporal unit. Throws MediaFileError. */
export function av1Units(bytes: Uint8Array): Av1Unit[] {
  const units: Av1Unit[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = bytes[at]!;
    const headBytes = (head & HAS_EXTENSION) === 0 ? 1 : 2;
    const sizeAt = at + headBytes;
    const { value: size, end: content } = (head & HAS_SIZE) === 0
      ? { value: bytes.length - sizeAt, end: sizeAt }
      : readLength(bytes, sizeAt);
    const end = content + size;
    if (!(size >= 0 && end <= bytes.length)) throw new MediaFileError("its AV1 breaks off");
    const unit = new Uint8Array(headBytes + size);
    unit.set(bytes.subarray(at, sizeAt));
    unit[0] = head & ~HAS_SIZE;
    unit.set(bytes.subarray(content, end), headBytes);
    units.push({ type: head >> 3 & 0x0f, bytes: unit });
    at = end;
  }
  return units;
}

/** leb128() of section 4.10.5, as far as a length has bits; -1: it is none. */
function readLength(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let index = 0; index < MAX_LENGTH_BYTES; index++) {
    const byte = bytes[start + index] ?? HAS_MORE;
    value |= (byte & ~HAS_MORE) << index * 7;
    if ((byte & HAS_MORE) === 0) return { value, end: start + index + 1 };
  }
  return { value: -1, end: start };
}
