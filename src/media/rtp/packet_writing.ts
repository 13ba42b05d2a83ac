/**
 * Writes RTP packets (RFC 3550, section 5.1) with header extensions (RFC 8285). The SFU writes headers
 * of what it forwards, senders of their own build whole packets; `packet.ts` reads both.
 */
import { byteAt, writeUint16, writeUint32 } from "./bytes.ts";

/** The part of the header that every packet has. */
export const FIXED_HEADER_BYTES = 12;
/** Of RTP, and of RTCP as well. */
export const VERSION = 2;
/** What an extension block begins with, by the form of its elements. */
export const ONE_BYTE_PROFILE = 0xbede;
/** The low four bits of this profile are the application's. */
export const TWO_BYTE_PROFILE = 0x1000;
/** No extension of the one-byte form may have it: it ends the block. */
export const RESERVED_ID = 15;
const MAX_ONE_BYTE_LENGTH = 16;
const NOTHING = new Uint8Array(0);

/** What a fixed header says; an {@linkcode RtpPacket} is one, too. */
export type RtpHeader = {
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
};

/** A header extension to be written. */
export type RtpExtension = {
  /** 1 to 255; above 14 the whole block takes the two-byte form. */
  readonly id: number;
  /** 255 bytes at most. */
  readonly bytes: Uint8Array;
};

/** A packet to be built. */
export type RtpPacketOptions = Omit<RtpHeader, "marker"> & {
  /** Default not set. */
  readonly marker?: boolean;
  /** Default none. */
  readonly extensions?: readonly RtpExtension[];
  readonly payload: Uint8Array;
  /** 0 to 255. Default 0. */
  readonly paddingBytes?: number;
};

/** Writes a fixed header without an extension at the beginning of `target`; returns its length. */
export function writeRtpHeader(target: Uint8Array, header: RtpHeader): number {
  target[0] = VERSION << 6;
  target[1] = (header.marker ? 0x80 : 0) | header.payloadType & 0x7f;
  writeUint16(target, 2, header.sequenceNumber);
  writeUint32(target, 4, header.timestamp);
  writeUint32(target, 8, header.ssrc);
  return FIXED_HEADER_BYTES;
}

/** A packet of its own. Throws RangeError where an extension or the padding cannot be written. */
export function buildRtpPacket(options: RtpPacketOptions): Uint8Array {
  const { extensions = [], payload, paddingBytes = 0 } = options;
  if (!isWithin(paddingBytes, 0, 255)) {
    throw new RangeError(`Cannot pad a packet by ${paddingBytes} bytes: 255 at most`);
  }
  const block = buildExtensionBlock(extensions);
  const payloadStart = FIXED_HEADER_BYTES + block.length;
  const packet = new Uint8Array(payloadStart + payload.length + paddingBytes);
  writeRtpHeader(packet, { ...options, marker: options.marker ?? false });
  if (block.length > 0) packet[0] = byteAt(packet, 0) | 0x10;
  packet.set(block, FIXED_HEADER_BYTES);
  packet.set(payload, payloadStart);
  if (paddingBytes > 0) {
    packet[0] = byteAt(packet, 0) | 0x20;
    packet[packet.length - 1] = paddingBytes;
  }
  return packet;
}

function buildExtensionBlock(extensions: readonly RtpExtension[]): Uint8Array {
  if (extensions.length === 0) return NOTHING;
  for (const { id, bytes } of extensions) {
    if (isWithin(id, 1, 255) && bytes.length <= 255) continue;
    throw new RangeError(`Cannot write extension ${id} of ${bytes.length} bytes: 255 at most`);
  }
  const isTwoByte = extensions.some(({ id, bytes }) =>
    id >= RESERVED_ID || bytes.length === 0 || bytes.length > MAX_ONE_BYTE_LENGTH
  );
  const headBytes = isTwoByte ? 2 : 1;
  const length = extensions.reduce((sum, { bytes }) => sum + headBytes + bytes.length, 0);
  const block = new Uint8Array(4 + Math.ceil(length / 4) * 4);
  writeUint16(block, 0, isTwoByte ? TWO_BYTE_PROFILE : ONE_BYTE_PROFILE);
  writeUint16(block, 2, (block.length - 4) / 4);
  let at = 4;
  for (const { id, bytes } of extensions) {
    block[at] = isTwoByte ? id : id << 4 | bytes.length - 1;
    if (isTwoByte) block[at + 1] = bytes.length;
    block.set(bytes, at + headBytes);
    at += headBytes + bytes.length;
  }
  return block;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
