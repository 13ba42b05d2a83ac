/**
 * The size of the pictures of a sequence parameter set (H.264, section 7.3.2.1.1). `h264.ts` calls
 * it with what follows the header of the unit.
 */
import { BitReader } from "./bit_reader.ts";
import { byteAt } from "./bytes.ts";
import type { PictureSize } from "./picture_size.ts";

/** Those with a chroma format and scaling lists of their own. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** What comes ahead of the size is far shorter, even with all scaling lists. */
const MAX_BYTES = 1024;
const MACROBLOCK = 16;
/** Beyond it no codec goes; a larger number is damage. */
const MAX_PIXELS = 65_536;
/** The array of section 7.3.2.1.1 may have 255 entries. */
const MAX_CYCLE = 255;

const reader = new BitReader();
const unescaped = new Uint8Array(MAX_BYTES);

/** The size after cropping; `undefined`: the bytes are no parameter set. */
export function readSpsPictureSize(
  bytes: Uint8Array,
  start: number,
  end: number,
): PictureSize | undefined {
  reader.open(unescaped, 0, unescape(bytes, start, Math.min(end, bytes.length)));
  const profile = reader.bits(8);
  reader.skip(16);
  reader.expGolomb();
  const chromaFormat = HIGH_PROFILES.has(profile) ? readHighProfile() : 1;
  reader.expGolomb();
  skipPictureOrder();
  reader.expGolomb();
  reader.skip(1);
  const widthUnits = reader.expGolomb() + 1;
  const heightUnits = reader.expGolomb() + 1;
  const fieldFactor = reader.flag() ? 1 : 2;
  if (fieldFactor === 2) reader.skip(1);
  reader.skip(1);
  const isCropped = reader.flag();
  const horizontal = isCropped ? reader.expGolomb() + reader.expGolomb() : 0;
  const vertical = isCropped ? reader.expGolomb() + reader.expGolomb() : 0;
  const width = widthUnits * MACROBLOCK - horizontal * (isHalvedAcross(chromaFormat) ? 2 : 1);
  const cropUnit = (chromaFormat === 1 ? 2 : 1) * fieldFactor;
  const height = heightUnits * MACROBLOCK * fieldFactor - vertical * cropUnit;
  const isSane = width > 0 && width <= MAX_PIXELS && height > 0 && height <= MAX_PIXELS;
  return reader.isOverrun || !isSane ? undefined : { width, height };
}

/** Copies without the bytes that only keep start codes out (section 7.4.1); returns the length. */
function unescape(bytes: Uint8Array, start: number, end: number): number {
  let length = 0;
  let zeros = 0;
  for (let at = start; at < end && length < MAX_BYTES; at++) {
    const byte = byteAt(bytes, at);
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    unescaped[length++] = byte;
  }
  return length;
}

/** Reads up to the scaling lists; returns chroma_format_idc, 0 where planes are coded apart. */
function readHighProfile(): number {
  const chromaFormat = reader.expGolomb();
  const isSeparate = chromaFormat === 3 && reader.flag();
  reader.expGolomb();
  reader.expGolomb();
  reader.skip(1);
  if (reader.flag()) {
    const lists = chromaFormat === 3 ? 12 : 8;
    for (let list = 0; list < lists; list++) {
      if (reader.flag()) skipScalingList(list < 6 ? 16 : 64);
    }
  }
  return isSeparate ? 0 : chromaFormat;
}

/** Section 7.3.2.1.1.1: a list ends early where the next entry would be 0. */
function skipScalingList(size: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size && next !== 0; index++) {
    next = (last + reader.signedExpGolomb() + 256) % 256;
    if (next !== 0) last = next;
  }
}

function skipPictureOrder(): void {
  const type = reader.expGolomb();
  if (type === 0) reader.expGolomb();
  if (type !== 1) return;
  reader.skip(1);
  reader.expGolomb();
  reader.expGolomb();
  const cycle = Math.min(reader.expGolomb(), MAX_CYCLE);
  for (let index = 0; index < cycle; index++) reader.expGolomb();
}

/** 4:2:0 and 4:2:2 have one chroma sample for two pixels of a row. */
function isHalvedAcross(chromaFormat: number): boolean {
  return chromaFormat === 1 || chromaFormat === 2;
}
