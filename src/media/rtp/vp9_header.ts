/**
 * The size of a VP9 picture, from its uncompressed header (VP9 bitstream specification, sections 6.2
 * and 7.2). `codecs.ts` calls it with the first bytes of a frame.
 */
import { BitReader } from "./bit_reader.ts";
import type { PictureSize } from "./picture_size.ts";

const FRAME_MARKER = 2;
const SYNC_CODE = 0x498342;
/** CS_RGB of section 7.2.2. */
const RGB = 7;
const REFERENCES = 3;

const reader = new BitReader();

/**
 * The size that the header at `at` states; `undefined` where it is that of an earlier picture, or
 * the bytes are no header.
 */
export function readVp9PictureSize(
  bytes: Uint8Array,
  at: number,
  end: number,
): PictureSize | undefined {
  reader.open(bytes, at, end);
  if (reader.bits(2) !== FRAME_MARKER) return undefined;
  const profile = reader.bits(1) + reader.bits(1) * 2;
  // Profile 3 has a reserved bit, and a frame that is shown again has no size.
  if (profile === 3) reader.skip(1);
  if (reader.flag()) return undefined;
  const isInter = reader.flag();
  const isShown = reader.flag();
  const isErrorResilient = reader.flag();
  if (!isInter) {
    if (reader.bits(24) !== SYNC_CODE) return undefined;
    skipColourConfig(profile);
    return readSize();
  }
  const isIntraOnly = !isShown && reader.flag();
  if (!isErrorResilient) reader.skip(2);
  if (isIntraOnly) {
    if (reader.bits(24) !== SYNC_CODE) return undefined;
    if (profile > 0) skipColourConfig(profile);
    reader.skip(8);
    return readSize();
  }
  reader.skip(8 + REFERENCES * 4);
  for (let reference = 0; reference < REFERENCES; reference++) {
    // It is as large as a picture that we do not keep.
    if (reader.flag()) return undefined;
  }
  return readSize();
}

function readSize(): PictureSize | undefined {
  const width = reader.bits(16) + 1;
  const height = reader.bits(16) + 1;
  return reader.isOverrun ? undefined : { width, height };
}

function skipColourConfig(profile: number): void {
  if (profile >= 2) reader.skip(1);
  const isRgb = reader.bits(3) === RGB;
  const hasSubsampling = profile === 1 || profile === 3;
  if (!isRgb) reader.skip(hasSubsampling ? 4 : 1);
  else if (hasSubsampling) reader.skip(1);
}
