/**
 * H.264 in RTP (RFC 6184): where a key frame begins, and how large it is. Single NAL units, STAP-A
 * and FU-A are read, which is all that packetization modes 0 and 1 have.
 */
import { byteAt, uint16At } from "./bytes.ts";
import { readSpsPictureSize } from "./h264_sps.ts";
import type { RtpPacket } from "./packet.ts";
import type { PictureSize } from "./picture_size.ts";

const IDR_SLICE = 5;
const SPS = 7;
const STAP_A = 24;
const FU_A = 28;
const TYPE_MASK = 0x1f;

/**
 * Whether a packet begins a key frame: a sequence parameter set, or a slice of an IDR picture that
 * holds its first macroblock. A frame whose parameter sets go ahead in packets of their own has
 * several packets that begin it, all with one timestamp.
 */
export function isH264KeyFrameStart({ bytes, payloadStart, payloadEnd }: RtpPacket): boolean {
  return findUnit(bytes, payloadStart, payloadEnd, SPS) >= 0 ||
    findUnit(bytes, payloadStart, payloadEnd, IDR_SLICE) >= 0;
}

/** The size in the sequence parameter set of a packet; `undefined`: it has none that can be read. */
export function readH264PictureSize(packet: RtpPacket): PictureSize | undefined {
  const { bytes, payloadStart, payloadEnd } = packet;
  const at = findUnit(bytes, payloadStart, payloadEnd, SPS);
  if (at < 0) return undefined;
  const isAggregated = (byteAt(bytes, payloadStart) & TYPE_MASK) === STAP_A;
  const end = isAggregated ? at - 1 + uint16At(bytes, at - 3) : payloadEnd;
  return readSpsPictureSize(bytes, at, end);
}

/** Where the content of the first unit of `type` begins, behind its header; -1: it has none. */
function findUnit(bytes: Uint8Array, start: number, end: number, type: number): number {
  if (end - start < 2) return -1;
  const packetType = byteAt(bytes, start) & TYPE_MASK;
  if (packetType === STAP_A) return findAggregated(bytes, start + 1, end, type);
  let at = start + 1;
  let unitType = packetType;
  if (packetType === FU_A) {
    const isFirstFragment = (byteAt(bytes, at) & 0x80) !== 0;
    unitType = isFirstFragment ? byteAt(bytes, at) & TYPE_MASK : 0;
    at++;
  }
  return unitType === type && at < end && isBeginning(bytes, at, type) ? at : -1;
}

/** As `findUnit`, of the units of a STAP-A, each behind its length. */
function findAggregated(bytes: Uint8Array, start: number, end: number, type: number): number {
  let at = start;
  while (at + 4 <= end) {
    const length = uint16At(bytes, at);
    const content = at + 3;
    if (length === 0 || at + 2 + length > end) return -1;
    const unitType = byteAt(bytes, at + 2) & TYPE_MASK;
    if (unitType === type && length > 1 && isBeginning(bytes, content, type)) return content;
    at += 2 + length;
  }
  return -1;
}

/** A slice begins a picture where its first_mb_in_slice is 0: ue(v) of 0 is a single set bit. */
function isBeginning(bytes: Uint8Array, at: number, type: number): boolean {
  return type !== IDR_SLICE || (byteAt(bytes, at) & 0x80) !== 0;
}
