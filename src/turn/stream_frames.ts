/**
 * Messages out of a stream of bytes: over TCP, STUN messages and ChannelData stand one behind the
 * other, ChannelData padded to four bytes (RFC 8656, section 12.5). Pure.
 */
import { HEADER_LENGTH } from "./stun_message.ts";

/** Bytes of the header of ChannelData: the channel and the length. */
export const CHANNEL_HEADER_LENGTH = 4;

/** Longest message in a stream: some times what fits into a datagram of the internet. */
export const MAX_FRAME_LENGTH = 16_384;

/** Cuts a stream; holds at most one message that is not whole. */
export class StreamFrames {
  #kept: Uint8Array = new Uint8Array(0);

  /** The messages that are whole now; `undefined`: the stream is none of TURN, and worth no more. */
  take(chunk: Uint8Array): Uint8Array[] | undefined {
    const bytes = this.#kept.length === 0 ? chunk : joined(this.#kept, chunk);
    const frames: Uint8Array[] = [];
    let at = 0;
    while (bytes.length - at >= CHANNEL_HEADER_LENGTH) {
      const length = lengthAt(bytes, at);
      if (length === undefined || length > MAX_FRAME_LENGTH) return undefined;
      if (bytes.length - at < length) break;
      frames.push(bytes.subarray(at, at + length));
      at += length;
    }
    this.#kept = bytes.slice(at);
    return frames;
  }
}

/** The length of the message that begins there, with its padding. */
function lengthAt(bytes: Uint8Array, at: number): number | undefined {
  const first = bytes[at]!;
  const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  if (first < 0x40) return HEADER_LENGTH + length;
  // RFC 8656, section 12: channels are 0x4000 to 0x4FFF; nothing else begins so.
  return first < 0x50 ? CHANNEL_HEADER_LENGTH + ((length + 3) & ~3) : undefined;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
