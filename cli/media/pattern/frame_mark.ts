/**
 * The number of a frame and the time at which it was made, in a unit beside the picture (H.264, D.1.6:
 * user data that is not registered). Who gets the stream without decoding it reads it there; servers
 * pass it on as it is.
 */
import { uint32At, writeUint32 } from "../../../src/media/rtp/bytes.ts";
import { contentOf, UNIT_TYPES, unitOf } from "./bit_writer.ts";

/** What a frame says of itself. */
export type FrameMark = {
  readonly number: number;
  /** Milliseconds since the Unix epoch. */
  readonly madeAtMs: number;
};

/** uuid_iso_iec_11578 of ours. */
const ID = Uint8Array.from([
  ...[0x5b, 0x0c, 0x51, 0x9a, 0x1b, 0x0e, 0x4a, 0x2f],
  ...[0x9d, 0x3c, 0x7e, 0x5a, 0x2c, 0x44, 0x6f, 0x10],
]);
/** user_data_unregistered */
const KIND = 5;
const BYTES = ID.length + 12;

/** The unit. */
export function frameMark({ number, madeAtMs }: FrameMark): Uint8Array {
  const content = new Uint8Array(BYTES + 3);
  content.set([KIND, BYTES]);
  content.set(ID, 2);
  const at = 2 + ID.length;
  writeUint32(content, at, number);
  writeUint32(content, at + 4, Math.floor(madeAtMs / 2 ** 32));
  writeUint32(content, at + 8, Math.floor(madeAtMs) % 2 ** 32);
  content[content.length - 1] = 0x80; // rbsp_trailing_bits()
  return unitOf(UNIT_TYPES.extraInformation, content);
}

/** Reads it; undefined: the unit is another one. */
export function readFrameMark(unit: Uint8Array): FrameMark | undefined {
  if ((unit[0]! & 0x1f) !== UNIT_TYPES.extraInformation) return undefined;
  const content = contentOf(unit);
  const isOurs = content[0] === KIND && content[1] === BYTES && content.length >= BYTES + 2 &&
    ID.every((byte, index) => content[index + 2] === byte);
  if (!isOurs) return undefined;
  const at = 2 + ID.length;
  return {
    number: uint32At(content, at),
    madeAtMs: uint32At(content, at + 4) * 2 ** 32 + uint32At(content, at + 8),
  };
}
