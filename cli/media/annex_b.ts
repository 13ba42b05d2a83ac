/**
 * H.264 as a byte stream (H.264, annex B): its units between start codes, and a file of it that is
 * played at a rate of its own, since the stream says nothing of time.
 */
import { type MediaFile, MediaFileError, type MediaFrame } from "./media_file.ts";

const TYPE_MASK = 0x1f;
const SLICE = 1;
const KEY_SLICE = 5;
const SEQUENCE_PARAMETERS = 7;
const START_CODE = Uint8Array.from([0, 0, 0, 1]);
/** Types of units that begin another picture when a slice went before (section 7.4.1.2.3). */
const BEGINNINGS = [6, SEQUENCE_PARAMETERS, 8, 9, 14, 15, 16, 17, 18];

/** Whether a file begins as a byte stream does: with a start code, after zeros if there are any. */
export function isAnnexB(bytes: Uint8Array): boolean {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first >= 2 && bytes[first] === 1;
}

/** The units of a stream, in order. */
export function unitsOf(bytes: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  let from = -1;
  for (let at = 0; at + 3 <= bytes.length; at++) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) continue;
    if (from >= 0) units.push(withoutZeros(bytes.subarray(from, at)));
    from = at + 3;
    at += 2;
  }
  if (from >= 0) units.push(withoutZeros(bytes.subarray(from)));
  return units.filter(({ length }) => length > 0);
}

/** Units as a stream. */
export function annexB(units: readonly Uint8Array[]): Uint8Array {
  const length = units.reduce((sum, unit) => sum + START_CODE.length + unit.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const unit of units) {
    bytes.set(START_CODE, at);
    bytes.set(unit, at + START_CODE.length);
    at += START_CODE.length + unit.length;
  }
  return bytes;
}

/** The type of a unit (table 7-1). */
export function typeOf(unit: Uint8Array): number {
  return unit[0]! & TYPE_MASK; // No unit is empty.
}

/** Whether a decoder can begin with a picture of these units. */
export function isKeyPicture(units: readonly Uint8Array[]): boolean {
  return units.some((unit) => typeOf(unit) === KEY_SLICE);
}

/** Units, picture by picture. One serves a whole stream. */
export class Pictures {
  #units: Uint8Array[] = [];

  /** Adds the next unit; returns the picture before, where it begins another. */
  add(unit: Uint8Array): Uint8Array[] | undefined {
    const type = typeOf(unit);
    const isSlice = type >= SLICE && type <= KEY_SLICE;
    // A slice with the first macroblock: ue(v) of 0 is a single set bit.
    const isFirstSlice = isSlice && (unit[1]! & 0x80) !== 0;
    const hasSlice = this.#units.some((one) => typeOf(one) <= KEY_SLICE);
    const isNext = hasSlice && (isFirstSlice || BEGINNINGS.includes(type));
    const picture = isNext ? this.end() : undefined;
    this.#units.push(unit);
    return picture;
  }

  /** The last picture; undefined: there is none. */
  end(): Uint8Array[] | undefined {
    const units = this.#units;
    this.#units = [];
    return units.some((one) => typeOf(one) <= KEY_SLICE) ? units : undefined;
  }
}

/** Reads a file of `framesPerSecond`. Throws {@linkcode MediaFileError}. */
export function readAnnexB(bytes: Uint8Array, framesPerSecond: number): MediaFile {
  const units = unitsOf(bytes);
  if (units.length === 0) throw new MediaFileError("it has no start code: it is no H.264 stream");
  const pictures = new Pictures();
  const all = [...units.map((unit) => pictures.add(unit)), pictures.end()]
    .filter((picture) => picture !== undefined);
  const first = all[0];
  if (first === undefined) throw new MediaFileError("it has no picture");
  if (!isKeyPicture(first) || !first.some((unit) => typeOf(unit) === SEQUENCE_PARAMETERS)) {
    throw new MediaFileError("it does not begin with a key frame and its parameters");
  }
  const frames: MediaFrame[] = all.map((picture, index) => ({
    bytes: annexB(picture),
    atMs: index * 1_000 / framesPerSecond,
    isKeyFrame: isKeyPicture(picture),
  }));
  return { codec: "H264", frames, durationMs: frames.length * 1_000 / framesPerSecond };
}

/** Zeros behind a unit belong to none (trailing_zero_8bits). */
function withoutZeros(unit: Uint8Array): Uint8Array {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}
