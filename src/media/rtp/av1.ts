/**
 * AV1 in RTP (av1-rtp-spec, section 4): where a coded video sequence begins, and how large its
 * pictures are. The dependency descriptor has its own file and is found here, too.
 */
import { readSequencePictureSize } from "./av1_sequence.ts";
import { byteAt } from "./bytes.ts";
import type { RtpPacket } from "./packet.ts";
import type { PictureSize } from "./picture_size.ts";

export { DependencyDescriptor } from "./dependency_descriptor.ts";

/** Z: the first element is the rest of one that began in an earlier packet. */
const IS_CONTINUED = 0x80;
/** N: the first packet of a coded video sequence. */
const IS_NEW_SEQUENCE = 0x08;
const SEQUENCE_HEADER = 1;
/** 28 bits of a length are more than any packet holds. */
const MAX_LENGTH_BYTES = 4;

/** What `readLength` has read: a length, and where it ends. */
const found = { length: 0, end: 0 };

/** Whether a packet is the first of a coded video sequence. */
export function isAv1KeyFrameStart({ bytes, payloadStart, payloadEnd }: RtpPacket): boolean {
  const head = byteAt(bytes, payloadStart);
  return payloadEnd - payloadStart > 1 && (head & (IS_CONTINUED | IS_NEW_SEQUENCE)) ===
      IS_NEW_SEQUENCE;
}

/** The size in the sequence header of a packet; `undefined`: it has none that can be read. */
export function readAv1PictureSize(packet: RtpPacket): PictureSize | undefined {
  const { bytes, payloadStart, payloadEnd } = packet;
  const head = byteAt(bytes, payloadStart);
  // W: how many elements, the last one without a length; 0: any number, each with one.
  const count = head >> 4 & 0x03;
  let at = payloadStart + 1;
  for (let element = 1; at < payloadEnd; element++) {
    let end = payloadEnd;
    if (element !== count) {
      if (!readLength(bytes, at, payloadEnd)) return undefined;
      at = found.end;
      end = at + found.length;
    }
    if (end > payloadEnd) return undefined;
    const isWhole = element > 1 || (head & IS_CONTINUED) === 0;
    if (isWhole && (byteAt(bytes, at) >> 3 & 0x0f) === SEQUENCE_HEADER) {
      return readSequenceUnit(bytes, at, end);
    }
    at = end;
  }
  return undefined;
}

/** Passes over the header of a unit (AV1 specification, sections 5.3.2 and 5.3.3). */
function readSequenceUnit(bytes: Uint8Array, start: number, end: number): PictureSize | undefined {
  const head = byteAt(bytes, start);
  const content = start + ((head & 0x04) === 0 ? 1 : 2);
  if ((head & 0x02) === 0) return readSequencePictureSize(bytes, content, end);
  if (!readLength(bytes, content, end) || found.end + found.length > end) return undefined;
  return readSequencePictureSize(bytes, found.end, found.end + found.length);
}

/** leb128() of the AV1 specification, section 4.10.5. */
function readLength(bytes: Uint8Array, start: number, end: number): boolean {
  let length = 0;
  for (let index = 0; index < MAX_LENGTH_BYTES && start + index < end; index++) {
    const byte = byteAt(bytes, start + index);
    length |= (byte & 0x7f) << index * 7;
    if ((byte & 0x80) !== 0) continue;
    found.length = length;
    found.end = start + index + 1;
    return true;
  }
  return false;
}
