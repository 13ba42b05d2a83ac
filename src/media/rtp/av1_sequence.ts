/**
 * The size of the pictures of an AV1 sequence header (AV1 specification, section 5.5.1). `av1.ts`
 * calls it with what follows the header of the unit.
 */
import { BitReader } from "./bit_reader.ts";
import type { PictureSize } from "./picture_size.ts";

/** Above it a level has two tiers. */
const LAST_LEVEL_WITHOUT_TIER = 7;

const reader = new BitReader();

/** The largest size of the sequence; `undefined`: the bytes end too early. */
export function readSequencePictureSize(
  bytes: Uint8Array,
  start: number,
  end: number,
): PictureSize | undefined {
  reader.open(bytes, start, end);
  reader.skip(4);
  const isReducedStill = reader.flag();
  if (isReducedStill) reader.skip(5);
  else skipOperatingPoints(readDelayBits());
  const widthBits = reader.bits(4) + 1;
  const heightBits = reader.bits(4) + 1;
  const width = reader.bits(widthBits) + 1;
  const height = reader.bits(heightBits) + 1;
  return reader.isOverrun ? undefined : { width, height };
}

/** Reads the timing; returns how many bits each delay of an operating point has, 0: it has none. */
function readDelayBits(): number {
  const hasTiming = reader.flag();
  if (!hasTiming) return 0;
  reader.skip(64);
  if (reader.flag()) reader.expGolomb();
  const hasDecoderModel = reader.flag();
  if (!hasDecoderModel) return 0;
  const delayBits = reader.bits(5) + 1;
  reader.skip(32 + 5 + 5);
  return delayBits;
}

function skipOperatingPoints(delayBits: number): void {
  const hasDisplayDelay = reader.flag();
  const count = reader.bits(5) + 1;
  for (let point = 0; point < count; point++) {
    reader.skip(12);
    if (reader.bits(5) > LAST_LEVEL_WITHOUT_TIER) reader.skip(1);
    if (delayBits > 0 && reader.flag()) reader.skip(delayBits * 2 + 1);
    if (hasDisplayDelay && reader.flag()) reader.skip(4);
  }
}
