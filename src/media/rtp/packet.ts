/**
 * RTP packets (RFC 3550, section 5.1) and their header extensions (RFC 8285). Whoever receives reads
 * each packet into one {@linkcode RtpPacket} that it keeps; senders of their own build packets here.
 */
import { byteAt, uint16At, uint32At, writeUint16, writeUint32 } from "./bytes.ts";

/** The part of the header that every packet has. */
export const FIXED_HEADER_BYTES = 12;
const VERSION = 2;
const ONE_BYTE_PROFILE = 0xbede;
/** The low four bits of this profile are the application's. */
const TWO_BYTE_PROFILE = 0x1000;
/** In the one-byte form this id ends the block, and so does 0 with a length. */
const RESERVED_ID = 15;
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

/**
 * A view of one packet after another: `read` sets every field and allocates nothing. After `false`
 * the fields mean nothing until the next packet.
 */
export class RtpPacket {
  bytes: Uint8Array = NOTHING;
  marker = false;
  payloadType = 0;
  sequenceNumber = 0;
  timestamp = 0;
  ssrc = 0;
  payloadStart = 0;
  /** Where the payload ends and padding, if any, begins. */
  payloadEnd = 0;
  /** Where the elements of the extension block begin, behind its profile and length; 0: no block. */
  extensionStart = 0;
  extensionEnd = 0;
  /** The form of the elements (RFC 8285, sections 4.2 and 4.3). */
  isTwoByte = false;
  /** Bytes of the extension that was found last. */
  foundLength = 0;

  /** Whether `bytes` are an RTP packet of version 2 that is whole. Never throws. */
  read(bytes: Uint8Array): boolean {
    this.bytes = bytes;
    const first = byteAt(bytes, 0);
    if (bytes.length < FIXED_HEADER_BYTES || first >> 6 !== VERSION) return false;
    const second = byteAt(bytes, 1);
    this.marker = (second & 0x80) !== 0;
    this.payloadType = second & 0x7f;
    this.sequenceNumber = uint16At(bytes, 2);
    this.timestamp = uint32At(bytes, 4);
    this.ssrc = uint32At(bytes, 8);
    this.payloadStart = FIXED_HEADER_BYTES + (first & 0x0f) * 4;
    this.extensionStart = 0;
    this.extensionEnd = 0;
    this.isTwoByte = false;
    if ((first & 0x10) !== 0) this.#readExtensionBlock();
    const paddingBytes = (first & 0x20) === 0 ? 0 : byteAt(bytes, bytes.length - 1);
    this.payloadEnd = bytes.length - paddingBytes;
    // Padding counts its own last byte, so none at all is a contradiction.
    return this.payloadStart <= this.payloadEnd && ((first & 0x20) === 0 || paddingBytes > 0);
  }

  /** Where the data of extension `id` begin, their length in `foundLength`; -1: it is not there. */
  findExtension(id: number): number {
    const { bytes, extensionEnd: end, isTwoByte } = this;
    let at = this.extensionStart;
    while (at < end) {
      const head = byteAt(bytes, at);
      if (head === 0) {
        at++;
        continue;
      }
      const foundId = isTwoByte ? head : head >> 4;
      if (!isTwoByte && (foundId === 0 || foundId === RESERVED_ID)) return -1;
      if (isTwoByte && at + 1 >= end) return -1;
      const length = isTwoByte ? byteAt(bytes, at + 1) : (head & 0x0f) + 1;
      at += isTwoByte ? 2 : 1;
      if (at + length > end) return -1;
      if (foundId === id) {
        this.foundLength = length;
        return at;
      }
      at += length;
    }
    return -1;
  }

  #readExtensionBlock(): void {
    const { bytes, payloadStart: at } = this;
    const profile = uint16At(bytes, at);
    this.payloadStart = at + 4 + uint16At(bytes, at + 2) * 4;
    this.isTwoByte = (profile & 0xfff0) === TWO_BYTE_PROFILE;
    if (!this.isTwoByte && profile !== ONE_BYTE_PROFILE) return;
    // A block that ends beyond the packet makes `read` fail by its payload.
    this.extensionStart = at + 4;
    this.extensionEnd = this.payloadStart;
  }
}

/**
 * Whether a packet of the port that RTP shares with RTCP is RTCP (RFC 5761, section 4): which of its
 * packet types is no matter, and neither is whether it is whole.
 */
export function isRtcp(bytes: Uint8Array): boolean {
  const type = byteAt(bytes, 1);
  return bytes.length >= 4 && byteAt(bytes, 0) >> 6 === VERSION && type >= 192 && type <= 223;
}

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
