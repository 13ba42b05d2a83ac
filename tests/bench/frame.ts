/**
 * The part of RFC 6455, section 5.2, that a load generator needs: masked frames to the server,
 * headers of frames from it. Pure; `load.ts` calls it for every frame.
 */

/** Opcodes that occur here. */
export const TEXT = 1;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** Not zero: `ws` skips the unmasking for a key of zeros, which no browser sends. */
const MASK = [0x1f, 0x2e, 0x3d, 0x4c] as const;
const encoder = new TextEncoder();

/** Where a frame's payload stands; one object is reused for many frames. */
export type FrameHeader = { opcode: number; payloadStart: number; payloadEnd: number };

/**
 * Reads the header of the server's frame at `from` into `header`. False when the frame is not whole
 * within `bytes` before `end`; `header.payloadEnd` then still tells where it ends, if known, else 0.
 */
export function readFrame(
  bytes: Uint8Array,
  range: { readonly from: number; readonly end: number },
  header: FrameHeader,
): boolean {
  const { from, end } = range;
  header.payloadEnd = 0;
  if (end - from < 2) return false;
  header.opcode = bytes[from]! & 0x0f;
  let length = bytes[from + 1]! & 0x7f;
  let start = from + 2;
  if (length >= 126) {
    const lengthBytes = length === 126 ? 2 : 8;
    if (end - start < lengthBytes) return false;
    length = 0;
    for (let index = 0; index < lengthBytes; index++) length = length * 256 + bytes[start++]!;
  }
  header.payloadStart = start;
  header.payloadEnd = start + length;
  return header.payloadEnd <= end;
}

/** A whole masked frame of a client. */
export function encodeFrame(payload: string | Uint8Array, opcode = TEXT): Uint8Array<ArrayBuffer> {
  const bytes = typeof payload === "string" ? encoder.encode(payload) : payload;
  const header = [0x80 | opcode, ...lengthBytes(bytes.length), ...MASK];
  const frame = new Uint8Array(header.length + bytes.length);
  frame.set(header);
  for (let index = 0; index < bytes.length; index++) {
    frame[header.length + index] = bytes[index]! ^ MASK[index & 3]!;
  }
  return frame;
}

/** Where the payload of a client's frame starts. */
export function payloadOffset(frame: Uint8Array): number {
  const length = frame[1]! & 0x7f;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + MASK.length;
}

/** Overwrites one byte of the payload of a client's frame that was encoded before. */
export function patchPayload(frame: Uint8Array, offset: number, index: number, byte: number): void {
  frame[offset + index] = byte ^ MASK[index & 3]!;
}

function lengthBytes(length: number): number[] {
  if (length < 126) return [0x80 | length];
  if (length < 65_536) return [0x80 | 126, length >> 8, length & 0xff];
  const bytes = [0x80 | 127, 0, 0, 0, 0];
  for (let shift = 24; shift >= 0; shift -= 8) bytes.push((length >>> shift) & 0xff);
  return bytes;
}
