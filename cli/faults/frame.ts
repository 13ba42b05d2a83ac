/**
 * WebSocket frames as values, and back to bytes (RFC 6455, section 5.2). Pure. The fault proxy reads
 * each direction with a {@linkcode FrameReader} and writes with {@linkcode encodeFrame}; a frame that
 * is read and written unchanged has the same bytes.
 */

/** Opcodes of RFC 6455, section 5.2. */
export const Opcode = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

/** One frame. */
export type Frame = {
  /** It ends its message. */
  readonly isFinal: boolean;
  /** One of {@linkcode Opcode}. */
  readonly opcode: number;
  /** The four bytes that mask the payload on the wire: a client's frame has them, a server's not. */
  readonly mask: Uint8Array | undefined;
  /** The payload without its mask. */
  readonly payload: Uint8Array;
};

/** What a reader takes. */
export type FrameReaderOptions = {
  /** The frames come from a client, so each must be masked; a server's must not (section 5.1). */
  readonly isMasked: boolean;
  /** A longer payload stops the reader before it is in memory. */
  readonly maxPayloadBytes: number;
};

const FINAL = 0x80;
const RESERVED = 0x70;
const OPCODE = 0x0f;
const MASKED = 0x80;
const LENGTH = 0x7f;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MASK_BYTES = 4;
/** Control frames are short and whole (section 5.5). */
const MAX_CONTROL_BYTES = 125;

/** Whether a frame of this opcode stands between messages or in the middle of one. */
export function isControl(opcode: number): boolean {
  return opcode >= Opcode.close;
}

/**
 * Turns the bytes of one direction into frames, in pieces of any size. Once something is not a frame
 * it stops for good: {@linkcode problem} says why, and {@linkcode rest} has every byte from there on.
 */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #problem: string | undefined;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  /** Why no more frames can be read, if so. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The bytes that are no whole frame (yet); a copy. */
  get rest(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice();
  }

  /** Takes the next bytes; returns the frames that are whole now. */
  push(bytes: Uint8Array): Frame[] {
    this.#bytes = joined(this.#bytes, bytes);
    const frames: Frame[] = [];
    let from = 0;
    while (this.#problem === undefined) {
      const found = this.#frameAt(this.#bytes.subarray(from));
      if (found === undefined) break;
      frames.push(found.frame);
      from += found.length;
    }
    this.#bytes = this.#bytes.slice(from);
    return frames;
  }

  /** The first frame of `bytes`, if it is whole; notes what is wrong with its header. */
  #frameAt(bytes: Uint8Array): { frame: Frame; length: number } | undefined {
    if (bytes.length < 2) return undefined;
    const [first, second] = [bytes[0]!, bytes[1]!];
    const size = lengthOf(bytes);
    const isMasked = (second & MASKED) !== 0;
    this.#problem = this.#objection(first, { isMasked, short: second & LENGTH, size });
    if (this.#problem !== undefined || size === undefined) return undefined;
    const header = 2 + extraBytes(second & LENGTH);
    const payloadAt = header + (isMasked ? MASK_BYTES : 0);
    const length = payloadAt + size;
    if (bytes.length < length) return undefined;
    const mask = isMasked ? bytes.slice(header, payloadAt) : undefined;
    const payload = bytes.slice(payloadAt, length);
    if (mask !== undefined) applyMask(payload, mask);
    const frame = { isFinal: (first & FINAL) !== 0, opcode: first & OPCODE, mask, payload };
    return { frame, length };
  }

  #objection(
    first: number,
    { isMasked, short, size }: { isMasked: boolean; short: number; size: number | undefined },
  ): string | undefined {
    const opcode = first & OPCODE;
    if ((first & RESERVED) !== 0) return "a reserved bit is set, and no extension was agreed on";
    if ((opcode > Opcode.binary && opcode < Opcode.close) || opcode > Opcode.pong) {
      return `opcode ${opcode} is reserved`;
    }
    if (isMasked !== this.#options.isMasked) {
      return isMasked ? "a server's frame is masked" : "a client's frame is not masked";
    }
    if (isControl(opcode) && ((first & FINAL) === 0 || short > MAX_CONTROL_BYTES)) {
      return "a control frame is fragmented or too long";
    }
    if (size === undefined) return undefined; // The length has not arrived yet.
    if ((short === LENGTH_16 && size < LENGTH_16) || (short === LENGTH_64 && size < 0x1_0000)) {
      return "the length is written longer than it must be";
    }
    if (size <= this.#options.maxPayloadBytes) return undefined;
    return `the frame is longer than ${this.#options.maxPayloadBytes} bytes`;
  }
}

/** The bytes of a frame. */
export function encodeFrame({ isFinal, opcode, mask, payload }: Frame): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  const short = length < LENGTH_16 ? length : length < 0x1_0000 ? LENGTH_16 : LENGTH_64;
  const extra = extraBytes(short);
  const payloadAt = 2 + extra + (mask === undefined ? 0 : MASK_BYTES);
  const bytes = new Uint8Array(payloadAt + length);
  const view = new DataView(bytes.buffer);
  bytes[0] = (isFinal ? FINAL : 0) | opcode;
  bytes[1] = (mask === undefined ? 0 : MASKED) | short;
  if (extra === 2) view.setUint16(2, length);
  if (extra === 8) view.setBigUint64(2, BigInt(length));
  bytes.set(payload, payloadAt);
  if (mask !== undefined) {
    bytes.set(mask, 2 + extra);
    applyMask(bytes.subarray(payloadAt), mask);
  }
  return bytes;
}

/** Several frames one after the other. */
export function encodeFrames(frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  return joined(...frames.map(encodeFrame));
}

/** The parts as one. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The payload's length by the header; undefined while the header is not whole. */
function lengthOf(bytes: Uint8Array): number | undefined {
  const short = bytes[1]! & LENGTH;
  if (bytes.length < 2 + extraBytes(short)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (short === LENGTH_16) return view.getUint16(2);
  // Beyond 2^53 the number is not exact, but then it is beyond every bound as well.
  return short === LENGTH_64 ? Number(view.getBigUint64(2)) : short;
}

function extraBytes(short: number): number {
  return short === LENGTH_16 ? 2 : short === LENGTH_64 ? 8 : 0;
}

/** Section 5.3: the same for masking and unmasking. */
function applyMask(payload: Uint8Array, mask: Uint8Array): void {
  for (let at = 0; at < payload.length; at++) payload[at]! ^= mask[at & 3]!;
}
