/**
 * What a synthetic packet says of itself behind the head of its codec: whose it is, its place in the
 * stream, when it was sent, and a checksum over all of it. Senders write it; whoever receives reads
 * it, and knows what the server did to the packet.
 */
import { byteAt, uint16At, uint32At, writeUint16, writeUint32 } from "../../src/media/rtp/bytes.ts";

/** What a payload says. */
export type Payload = {
  /** The publication that it belongs to: a number of `Publications`. */
  readonly publication: number;
  /** Counts the pictures of a stream, or its pieces of sound. */
  readonly frame: number;
  /** Counts the packets of a stream. */
  readonly ordinal: number;
  /** The RTP timestamp that its sender gave the packet. */
  readonly timestamp: number;
  /** Milliseconds of the run's clock. */
  readonly sentAt: number;
  /** The picture needs no other. */
  readonly isKeyFrame: boolean;
  readonly isFrameStart: boolean;
  readonly isFrameEnd: boolean;
};

/** Bytes of the shortest payload. */
export const PAYLOAD_BYTES = 28;

/** What no other payload begins with, so that noise is not read as one. */
const MAGIC = 0x5b0c;
const CHECKSUM_BYTES = 4;
/** Times are written in this part of a millisecond, which goes round after 18 hours. */
const TICKS_PER_MS = 64;
const KEY_FRAME = 1;
const FRAME_START = 2;
const FRAME_END = 4;

/**
 * Writes `payload` at `at` and fills the rest of `bytes`. The checksum, at the end, covers everything
 * from `from` on: what stands between them is the head of the codec, which nobody may change either.
 */
export function writePayload(
  bytes: Uint8Array,
  payload: Payload,
  { from, at }: { readonly from: number; readonly at: number },
): void {
  writeUint16(bytes, at, MAGIC);
  bytes[at + 2] = (payload.isKeyFrame ? KEY_FRAME : 0) | (payload.isFrameStart ? FRAME_START : 0) |
    (payload.isFrameEnd ? FRAME_END : 0);
  writeUint32(bytes, at + 4, payload.publication);
  writeUint32(bytes, at + 8, payload.frame);
  writeUint32(bytes, at + 12, payload.ordinal);
  writeUint32(bytes, at + 16, payload.timestamp);
  writeUint32(bytes, at + 20, Math.round(payload.sentAt * TICKS_PER_MS));
  const end = bytes.length - CHECKSUM_BYTES;
  bytes.fill(payload.ordinal, at + 24, end);
  writeUint32(bytes, end, checksumOf(bytes, from, end));
}

/** A view of one payload after another; after `false` its fields mean nothing. */
export class PayloadReader {
  publication = 0;
  frame = 0;
  ordinal = 0;
  timestamp = 0;
  isKeyFrame = false;
  isFrameStart = false;
  isFrameEnd = false;
  #sentTicks = 0;

  /** Whether a payload stands at `at`, and everything from `from` up to `end` is as it was sent. */
  read(
    bytes: Uint8Array,
    { from, at, end }: { readonly from: number; readonly at: number; readonly end: number },
  ): boolean {
    if (end > bytes.length || end - at < PAYLOAD_BYTES || uint16At(bytes, at) !== MAGIC) {
      return false;
    }
    const covered = end - CHECKSUM_BYTES;
    if (uint32At(bytes, covered) !== checksumOf(bytes, from, covered)) return false;
    const flags = byteAt(bytes, at + 2);
    this.isKeyFrame = (flags & KEY_FRAME) !== 0;
    this.isFrameStart = (flags & FRAME_START) !== 0;
    this.isFrameEnd = (flags & FRAME_END) !== 0;
    this.publication = uint32At(bytes, at + 4);
    this.frame = uint32At(bytes, at + 8);
    this.ordinal = uint32At(bytes, at + 12);
    this.timestamp = uint32At(bytes, at + 16);
    this.#sentTicks = uint32At(bytes, at + 20);
    return true;
  }

  /** How long it was on its way, for one that came at `at`. */
  delayAt(at: number): number {
    return (Math.round(at * TICKS_PER_MS) - this.#sentTicks | 0) / TICKS_PER_MS;
  }
}

/** FNV-1a of the bytes from `from` up to `end`, 32 bits. */
function checksumOf(bytes: Uint8Array, from: number, end: number): number {
  let sum = 0x811c9dc5;
  for (let at = from; at < end; at++) sum = Math.imul(sum ^ bytes[at]!, 0x01000193);
  return sum >>> 0;
}
