/**
 * What a file has to know of pictures before it can hold them, read from a key frame as it stands in
 * the file: their size, and the name of their codec with its profile and level (RFC 6381). The
 * assembler asks for each key frame.
 */
import { readSequencePictureSize } from "../rtp/av1_sequence.ts";
import { BitReader } from "../rtp/bit_reader.ts";
import { byteAt } from "../rtp/bytes.ts";
import type { CodecName, PictureSize } from "../rtp/codecs.ts";
import { readSpsPictureSize } from "../rtp/h264_sps.ts";
import { readVp8PictureSize } from "../rtp/vp8.ts";
import { readVp9PictureSize } from "../rtp/vp9_header.ts";
import { lebLengthAt, readLeb } from "./leb128.ts";

/** How large the pictures are from a key frame on, and how a container names their codec. */
export type PictureConfig = PictureSize & { readonly codecString: string };

/** Pixels up to which a level of VP9 goes (VP9 levels, luma picture size), and its number. */
const VP9_LEVELS = [[36_864, 10], [122_880, 20], [552_960, 30], [2_228_224, 40]] as const;
const LAST_VP9_LEVEL = 51;
const AV1_SEQUENCE_HEADER = 1;
/** Level 4.0: what is taken where a sequence header with timing hides its own. */
const USUAL_AV1_LEVEL = 8;
/** Above it a level has two tiers. */
const LAST_AV1_LEVEL_WITHOUT_TIER = 7;
const H264_SPS = 7;
const H264_PPS = 8;

const reader = new BitReader();

/** The pictures that begin with the key frame `data`; `undefined`: it does not say. */
export function readPictureConfig(codec: CodecName, data: Uint8Array): PictureConfig | undefined {
  const config = readConfig(codec, data);
  return config === undefined || config.width === 0 || config.height === 0 ? undefined : config;
}

function readConfig(codec: CodecName, data: Uint8Array): PictureConfig | undefined {
  switch (codec) {
    case "VP8":
      return named(readVp8PictureSize(data, 0, data.length), "vp8");
    case "VP9":
      return readVp9(data);
    case "H264":
      return readH264(data);
    case "AV1":
      return readAv1(data);
    case "opus":
      return undefined;
  }
}

function named(size: PictureSize | undefined, codecString: string): PictureConfig | undefined {
  return size === undefined ? undefined : { ...size, codecString };
}

/** Of a superframe the largest layer counts: it is the one that is shown. */
function readVp9(data: Uint8Array): PictureConfig | undefined {
  let largest: PictureSize | undefined;
  let start = 0;
  for (const size of superframeSizes(data)) {
    const found = readVp9PictureSize(data, start, start + size);
    if (found !== undefined && found.height > (largest?.height ?? 0)) largest = found;
    start += size;
  }
  if (largest === undefined) return undefined;
  const head = byteAt(data, 0);
  const profile = (head >> 5 & 1) + (head >> 4 & 1) * 2;
  const pixels = largest.width * largest.height;
  const level = VP9_LEVELS.find(([limit]) => pixels <= limit)?.[1] ?? LAST_VP9_LEVEL;
  return named(largest, `vp09.0${profile}.${level}.08`);
}

/** The lengths of the frames of a superframe as `Vp9Reader` writes it, or of the one frame. */
function superframeSizes(data: Uint8Array): number[] {
  const marker = byteAt(data, data.length - 1);
  const count = (marker & 0x07) + 1;
  const indexStart = data.length - 2 - count * 4;
  const isIndex = (marker & 0xf8) === 0xd8 && indexStart > 0 && data[indexStart] === marker;
  if (!isIndex) return [data.length];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: count }, (_, n) => view.getUint32(indexStart + 1 + n * 4, true));
}

function readH264(data: Uint8Array): PictureConfig | undefined {
  const start = findH264Unit(data, H264_SPS);
  const isWhole = start >= 0 && start + 4 <= data.length && findH264Unit(data, H264_PPS) >= 0;
  if (!isWhole) return undefined;
  const size = readSpsPictureSize(data, start + 1, endOfH264Unit(data, start));
  const digits = [1, 2, 3].map((n) => byteAt(data, start + n).toString(16).padStart(2, "0"));
  return named(size, `avc1.${digits.join("")}`);
}

/** Where the first unit of `type` begins with its header, behind a start code; -1: nowhere. */
function findH264Unit(data: Uint8Array, type: number): number {
  for (let at = 0; at + 4 < data.length; at++) {
    const isStart = data[at] === 0 && data[at + 1] === 0 && data[at + 2] === 1;
    if (isStart && (byteAt(data, at + 3) & 0x1f) === type) return at + 3;
  }
  return -1;
}

function endOfH264Unit(data: Uint8Array, start: number): number {
  for (let at = start; at + 3 <= data.length; at++) {
    if (data[at] === 0 && data[at + 1] === 0 && byteAt(data, at + 2) <= 1) return at;
  }
  return data.length;
}

function readAv1(data: Uint8Array): PictureConfig | undefined {
  let at = 0;
  while (at < data.length) {
    const head = byteAt(data, at);
    const sizeAt = at + ((head & 0x04) === 0 ? 1 : 2);
    const start = sizeAt + lebLengthAt(data, sizeAt);
    const end = start + readLeb(data, sizeAt, data.length);
    if (end < start) return undefined;
    if ((head >> 3 & 0x0f) === AV1_SEQUENCE_HEADER) {
      return named(readSequencePictureSize(data, start, end), readAv1Name(data, start, end));
    }
    at = end;
  }
  return undefined;
}

/** Profile, level and tier of a sequence header (AV1 specification, section 5.5.1). */
function readAv1Name(data: Uint8Array, start: number, end: number): string {
  reader.open(data, start, end);
  const profile = reader.bits(3);
  reader.skip(1);
  const isReduced = reader.flag();
  const hasTiming = !isReduced && reader.flag();
  if (!isReduced && !hasTiming) reader.skip(1 + 5 + 12);
  const level = hasTiming ? USUAL_AV1_LEVEL : reader.bits(5);
  const hasTier = !hasTiming && !isReduced && level > LAST_AV1_LEVEL_WITHOUT_TIER;
  const tier = hasTier && reader.flag() ? "H" : "M";
  return `av01.${profile}.${String(level).padStart(2, "0")}${tier}.08`;
}
