/**
 * Packets of repair streams (RFC 4588): made of what a slot has sent, and undone when a publisher sends
 * one. Pure.
 */
import type { RtpPacket } from "../rtp/packet.ts";
import { writePictureId } from "./picture_id.ts";
import type { SentPacket } from "./sent_packets.ts";

/** RFC 4588, section 4: the number of the packet that is repeated. */
const ORIGINAL_NUMBER_BYTES = 2;

/** Where a repair packet goes. */
export type RepairStream = { readonly ssrc: number; readonly sequenceNumber: number };

/** The packet that repeats what was sent: two bytes longer, for the number that it had. */
export function repeatPacket(
  sent: SentPacket,
  { ssrc, sequenceNumber }: RepairStream,
): Uint8Array {
  const { packet } = sent;
  const { bytes, payloadStart } = packet;
  const again = new Uint8Array(bytes.length + ORIGINAL_NUMBER_BYTES);
  again.set(bytes.subarray(0, payloadStart));
  again.set(bytes.subarray(payloadStart), payloadStart + ORIGINAL_NUMBER_BYTES);
  again[1] = sent.isMarked ? sent.rtxPayloadType | 0x80 : sent.rtxPayloadType;
  const view = new DataView(again.buffer);
  view.setUint16(2, sequenceNumber);
  view.setUint32(4, sent.timestamp);
  view.setUint32(8, ssrc);
  view.setUint16(payloadStart, sent.sequenceNumber);
  if (packet.pictureId >= 0) {
    const at = packet.pictureIdAt + ORIGINAL_NUMBER_BYTES;
    writePictureId(again, at, packet.isLongPictureId, sent.pictureId);
  }
  if (packet.tl0PicIdx >= 0) again[packet.tl0At + ORIGINAL_NUMBER_BYTES] = sent.tl0PicIdx;
  return again;
}

/** Makes of a packet of the repair stream the one that it repeats; false: it repeats none. */
export function restoreRepeated(packet: RtpPacket, ssrc: number, payloadType: number): boolean {
  const { bytes, payloadStart, payloadEnd } = packet;
  if (payloadEnd - payloadStart < ORIGINAL_NUMBER_BYTES) return false; // A probe of the path.
  const high = bytes[payloadStart]!;
  const low = bytes[payloadStart + 1]!;
  bytes.copyWithin(ORIGINAL_NUMBER_BYTES, 0, payloadStart);
  const original = bytes.subarray(ORIGINAL_NUMBER_BYTES);
  original[1] = (original[1]! & 0x80) | payloadType;
  original[2] = high;
  original[3] = low;
  original[8] = ssrc >>> 24;
  original[9] = ssrc >>> 16;
  original[10] = ssrc >>> 8;
  original[11] = ssrc;
  return packet.read(original);
}
