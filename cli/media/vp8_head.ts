/**
 * The beginning of a VP8 packet as a browser writes it: the payload descriptor (RFC 7741) and, where
 * a picture begins, the header of its frame (RFC 6386, section 9.1). The server reads both, and
 * rewrites the numbers of the descriptor.
 */
import { writeUint16 } from "../../src/media/rtp/bytes.ts";

/** Bytes of the descriptor: with a long picture id, and the index and number of the temporal layer. */
export const DESCRIPTOR_BYTES = 6;
const KEY_HEADER_BYTES = 10;
const DELTA_HEADER_BYTES = 3;
/** X: more follows; I, L and T: it has a picture id, an index of layer 0 and a layer. */
const EXTENDED = 0x80;
const HAS_ALL = 0xe0;
const STARTS_PARTITION = 0x10;
/** S of the frame header: this picture is shown. */
const IS_SHOWN = 0x10;

/** What the head of a packet says. */
export type Vp8Head = {
  /** Counts the pictures; 15 bits of it are written. */
  readonly pictureId: number;
  readonly isKeyFrame: boolean;
  /** Whether the picture begins with this packet. */
  readonly isFrameStart: boolean;
  /** Of a key frame, in pixels. */
  readonly width: number;
  readonly height: number;
};

/** Bytes of the frame header behind the descriptor. */
export function frameHeaderBytes(
  { isFrameStart, isKeyFrame }: Pick<Vp8Head, "isFrameStart" | "isKeyFrame">,
): number {
  if (!isFrameStart) return 0;
  return isKeyFrame ? KEY_HEADER_BYTES : DELTA_HEADER_BYTES;
}

/** Writes the head at the beginning of `bytes`; returns its length. */
export function writeVp8Head(bytes: Uint8Array, head: Vp8Head): number {
  const { pictureId, isKeyFrame, isFrameStart, width, height } = head;
  bytes[0] = EXTENDED | (isFrameStart ? STARTS_PARTITION : 0);
  bytes[1] = HAS_ALL;
  writeUint16(bytes, 2, 0x8000 | pictureId & 0x7fff);
  bytes[4] = pictureId; // All pictures are of layer 0, so its index counts them too.
  bytes[5] = 0;
  const length = DESCRIPTOR_BYTES + frameHeaderBytes(head);
  if (!isFrameStart) return length;
  // The size of the first partition is of no use to anybody who does not decode.
  bytes[6] = IS_SHOWN | (isKeyFrame ? 0 : 1);
  bytes[7] = bytes[8] = 0;
  if (!isKeyFrame) return length;
  bytes.set([0x9d, 0x01, 0x2a], 9);
  bytes[12] = width;
  bytes[13] = width >> 8 & 0x3f;
  bytes[14] = height;
  bytes[15] = height >> 8 & 0x3f;
  return length;
}
