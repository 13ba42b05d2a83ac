/**
 * VP8 in RTP (RFC 7741): the payload descriptor, which the SFU reads and rewrites for each packet,
 * and the size of a picture in the header of a key frame (RFC 6386, section 9.1).
 */
import { byteAt, uint16At, uint24At } from "./bytes.ts";
import type { PictureSize } from "./picture_size.ts";

/** What follows a key frame's first three bytes. */
const START_CODE = 0x9d012a;

/** A view of one descriptor after another; allocates nothing. After `false` its fields mean nothing. */
export class Vp8Descriptor {
  /** Bytes of the descriptor; what follows is VP8. */
  length = 0;
  /** 7 or 15 bits; -1: none. */
  pictureId = -1;
  /** Where in the bytes it stands; -1: nowhere. */
  pictureIdOffset = -1;
  /** Whether the picture id has 15 bits. */
  isLongPictureId = false;
  /** 8 bits; -1: none. */
  tl0PicIdx = -1;
  /** Where in the bytes it stands; -1: nowhere. */
  tl0Offset = -1;
  /** 0 to 3; -1: the stream has no temporal layers. */
  temporalId = -1;
  /** Whether this frame needs frames of layer 0 alone, so that its layer can be forwarded from here. */
  isLayerSync = false;
  /** Whether a frame begins with this packet. */
  isFrameStart = false;
  /** Whether a key frame begins with this packet. */
  isKeyFrame = false;

  /** Whether a whole descriptor and at least one byte of VP8 stand from `start` up to `end`. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    const limit = Math.min(end, bytes.length);
    const head = byteAt(bytes, start);
    this.isFrameStart = (head & 0x10) !== 0 && (head & 0x07) === 0;
    const flags = (head & 0x80) === 0 ? 0 : byteAt(bytes, start + 1);
    let at = start + ((head & 0x80) === 0 ? 1 : 2);
    this.pictureIdOffset = (flags & 0x80) === 0 ? -1 : at;
    this.isLongPictureId = (flags & 0x80) !== 0 && (byteAt(bytes, at) & 0x80) !== 0;
    this.pictureId = -1;
    if (this.isLongPictureId) this.pictureId = uint16At(bytes, at) & 0x7fff;
    else if ((flags & 0x80) !== 0) this.pictureId = byteAt(bytes, at);
    if ((flags & 0x80) !== 0) at += this.isLongPictureId ? 2 : 1;
    this.tl0Offset = (flags & 0x40) === 0 ? -1 : at;
    this.tl0PicIdx = (flags & 0x40) === 0 ? -1 : byteAt(bytes, at++);
    const layer = byteAt(bytes, at);
    this.temporalId = (flags & 0x20) === 0 ? -1 : layer >> 6;
    this.isLayerSync = (flags & 0x20) !== 0 && (layer & 0x20) !== 0;
    // The key frame index shares the byte with the temporal layer.
    if ((flags & 0x30) !== 0) at++;
    this.length = at - start;
    this.isKeyFrame = this.isFrameStart && (byteAt(bytes, at) & 0x01) === 0;
    return start >= 0 && at < limit;
  }
}

/** The size of the key frame that begins at `at`, behind the descriptor; `undefined`: none does. */
export function readVp8PictureSize(
  bytes: Uint8Array,
  at: number,
  end: number,
): PictureSize | undefined {
  if (at + 10 > Math.min(end, bytes.length)) return undefined;
  if ((byteAt(bytes, at) & 0x01) !== 0 || uint24At(bytes, at + 3) !== START_CODE) return undefined;
  // Little-endian, and the upper two bits tell only how to scale.
  const width = (byteAt(bytes, at + 7) << 8 | byteAt(bytes, at + 6)) & 0x3fff;
  const height = (byteAt(bytes, at + 9) << 8 | byteAt(bytes, at + 8)) & 0x3fff;
  return { width, height };
}
