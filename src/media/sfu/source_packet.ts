/**
 * A packet of a publisher as it is forwarded: with a header of ours, made once, in which each slot
 * writes only what is its own. And the last ones of a stream, for receivers that ask again.
 */
import { SUBSCRIBER_EXTENSION_IDS } from "../rtp/extensions.ts";
import type { RtpPacket } from "../rtp/packet.ts";
import type { ExtensionIds } from "../sdp/negotiated_media.ts";

/** RTP header without contributing sources (RFC 3550, section 5.1). */
const FIXED_HEADER = 12;
/** Profile and length of a header extension (RFC 8285, section 4.1). */
const EXTENSION_HEADER = 4;
/** The longest element of the one-byte form (RFC 8285, section 4.2). */
const MAX_ONE_BYTE_ELEMENT = 16;
/** Longest element that is passed on: the dependency descriptor with its structure is the longest. */
const MAX_ELEMENT = 255;
/** Packets of a stream that can be sent again: some two seconds of a picture of 2.5 Mbit/s. */
const HISTORY_SIZE = 512;

const NOTHING = new Uint8Array(0);
/** What is read of the old header before the new one is written over it. */
const descriptor = new Uint8Array(MAX_ELEMENT);

/** A packet as it is forwarded, and what slots need to know of it. */
export class SourcePacket {
  /** Our header and the payload. Slots write into it what is theirs, so nothing of that stays. */
  bytes: Uint8Array = NOTHING;
  /** Where the payload begins in `bytes`. */
  payloadStart = 0;
  /** Of the source; -1: nothing is kept here. */
  sequenceNumber = -1;
  timestamp = 0;
  isMarked = false;
  /** Nothing but padding, which ends here. */
  isEmpty = false;
  isKeyFrameStart = false;
  /** VP8's picture id (RFC 7741, section 4.2), -1 without, and where it stands in `bytes`. */
  pictureId = -1;
  pictureIdAt = 0;
  isLongPictureId = false;
  /** VP8's TL0PICIDX, -1 without, and where it stands in `bytes`. */
  tl0PicIdx = -1;
  tl0At = 0;
  /** Spatial layer of a scalable stream, and whether its frame begins or ends here. */
  spatialId = 0;
  isFrameStart = false;
  isFrameEnd = false;
}

/** The last packets of one stream, by their sequence numbers. */
export class PacketHistory {
  readonly #packets: SourcePacket[] = [];

  /** The place of `sequenceNumber`; what was there is to be written over. */
  place(sequenceNumber: number): SourcePacket {
    return this.#packets[sequenceNumber % HISTORY_SIZE] ??= new SourcePacket();
  }
}

/** Where the elements to pass on stand in a packet, by the ids of its publisher. */
type Element = { id: number; at: number; length: number };
const elements: Element[] = [0, 1, 2, 3].map(() => ({ id: 0, at: 0, length: 0 }));

/**
 * Gives `packet` a header of ours with `absSendTime` (24 bits) and the elements that subscribers
 * know. Written over the packet's own header where there is room, which there nearly always is.
 */
export function writeForwardedHeader(
  target: SourcePacket,
  packet: RtpPacket,
  { ids, absSendTime }: { ids: ExtensionIds; absSendTime: number },
): void {
  const { bytes, payloadStart, payloadEnd } = packet;
  let count = 0;
  let length = 1 + 3;
  let isTwoByte = false;
  if (ids.audioLevel !== 0) count = take(packet, ids.audioLevel, AUDIO_LEVEL, count);
  if (ids.videoOrientation !== 0) count = take(packet, ids.videoOrientation, ORIENTATION, count);
  if (ids.dependencyDescriptor !== 0) {
    count = take(packet, ids.dependencyDescriptor, DEPENDENCY_DESCRIPTOR, count);
  }
  let kept = 0;
  for (let n = 0; n < count; n++) {
    const element = elements[n]!;
    if (element.length > MAX_ONE_BYTE_ELEMENT) isTwoByte = true;
    for (let i = 0; i < element.length; i++) descriptor[kept + i] = bytes[element.at + i]!;
    element.at = kept;
    kept += element.length;
    length += 1 + element.length;
  }
  if (isTwoByte) length += 1 + count;
  const words = (length + 3) >> 2;
  const headerLength = FIXED_HEADER + EXTENSION_HEADER + words * 4;
  let out: Uint8Array;
  if (headerLength <= payloadStart) {
    out = bytes.subarray(payloadStart - headerLength, payloadEnd);
  } else {
    out = new Uint8Array(headerLength + payloadEnd - payloadStart);
    out.set(bytes.subarray(payloadStart, payloadEnd), headerLength);
  }
  out[0] = 0x90;
  const profile = isTwoByte ? 0x1000 : 0xbede;
  out[12] = profile >> 8;
  out[13] = profile & 0xff;
  out[14] = words >> 8;
  out[15] = words & 0xff;
  let at = writeElementHead(out, 16, isTwoByte, SUBSCRIBER_EXTENSION_IDS.absSendTime, 3);
  out[at++] = absSendTime >> 16;
  out[at++] = absSendTime >> 8;
  out[at++] = absSendTime;
  for (let n = 0; n < count; n++) {
    const element = elements[n]!;
    at = writeElementHead(out, at, isTwoByte, element.id, element.length);
    for (let i = 0; i < element.length; i++) out[at++] = descriptor[element.at + i]!;
  }
  while (at < headerLength) out[at++] = 0;
  target.bytes = out;
  target.payloadStart = headerLength;
}

const AUDIO_LEVEL = SUBSCRIBER_EXTENSION_IDS.audioLevel;
const ORIENTATION = SUBSCRIBER_EXTENSION_IDS.videoOrientation;
const DEPENDENCY_DESCRIPTOR = SUBSCRIBER_EXTENSION_IDS.dependencyDescriptor;

/** Notes the element `from` of the publisher, if the packet has it, as `id` of the subscribers. */
function take(packet: RtpPacket, from: number, id: number, count: number): number {
  const at = packet.findExtension(from);
  if (at < 0 || packet.foundLength === 0 || packet.foundLength > MAX_ELEMENT - 8) return count;
  const element = elements[count]!;
  element.id = id;
  element.at = at;
  element.length = packet.foundLength;
  return count + 1;
}

function writeElementHead(
  out: Uint8Array,
  at: number,
  isTwoByte: boolean,
  id: number,
  length: number,
): number {
  if (isTwoByte) {
    out[at++] = id;
    out[at++] = length;
  } else {
    out[at++] = (id << 4) | (length - 1);
  }
  return at;
}
