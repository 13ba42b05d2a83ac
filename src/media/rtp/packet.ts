/**
 * Reads RTP packets (RFC 3550, section 5.1) and their header extensions (RFC 8285). Whoever receives
 * reads each packet into one {@linkcode RtpPacket} that it keeps. What writes them is found here, too.
 */
import { byteAt, uint16At, uint32At } from "./bytes.ts";
import {
  FIXED_HEADER_BYTES,
  ONE_BYTE_PROFILE,
  RESERVED_ID,
  TWO_BYTE_PROFILE,
  VERSION,
} from "./packet_writing.ts";

export {
  buildRtpPacket,
  FIXED_HEADER_BYTES,
  type RtpExtension,
  type RtpHeader,
  type RtpPacketOptions,
  writeRtpHeader,
} from "./packet_writing.ts";

const NOTHING = new Uint8Array(0);

/**
 * A view of one packet after another: `read` sets every field and allocates nothing. After `false`
 * the fields mean nothing until the next packet.
 */
export class RtpPacket {
  /** The whole packet; not a copy. */
  bytes: Uint8Array = NOTHING;
  /** Of video: whether a picture ends with it. */
  marker = false;
  /** 7 bits. */
  payloadType = 0;
  /** 16 bits. */
  sequenceNumber = 0;
  /** 32 bits, units of the codec's clock. */
  timestamp = 0;
  /** 32 bits. */
  ssrc = 0;
  /** Where the payload begins in the bytes. */
  payloadStart = 0;
  /** Where the payload ends and padding, if any, begins. */
  payloadEnd = 0;
  /** Where the elements of the extension block begin, behind its profile and length; 0: no block. */
  extensionStart = 0;
  /** Where the elements end and the payload begins; 0: no block. */
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
