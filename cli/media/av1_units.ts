/** The units (OBU) of AV1's bitstream: section 5.3 of its specification. */
import { lebLengthAt, readLeb } from "../../src/media/record/leb128.ts";
import { MediaFileError } from "./media_file.ts";

/** The type of the unit that every key frame comes with. */
export const SEQUENCE_HEADER = 1;

/** A unit, as it goes into a packet: without its length. */
export type Av1Unit = { readonly type: number; readonly bytes: Uint8Array };

const HAS_EXTENSION = 0x04;
const HAS_SIZE = 0x02;

/** The units of a temporal unit. Throws MediaFileError. */
export function av1Units(bytes: Uint8Array): Av1Unit[] {
  const units: Av1Unit[] = [];
  for (let at = 0; at < bytes.length;) {
    const head = bytes[at]!;
    const headBytes = (head & HAS_EXTENSION) === 0 ? 1 : 2;
    const sizeAt = at + headBytes;
    const hasSize = (head & HAS_SIZE) !== 0;
    const content = hasSize ? sizeAt + lebLengthAt(bytes, sizeAt) : sizeAt;
    const size = hasSize ? readLeb(bytes, sizeAt, bytes.length) : bytes.length - content;
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
