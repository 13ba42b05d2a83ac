/** The number of a frame of the test pattern, where a packet of H.264 carries it (RFC 6184). */
import { uint16At } from "../../../src/media/rtp/bytes.ts";
import type { RtpPacket } from "../../../src/media/rtp/packet.ts";
import { type FrameMark, readFrameMark } from "../pattern/frame_mark.ts";

const TYPE_MASK = 0x1f;
const EXTRA_INFORMATION = 6;
const STAP_A = 24;

/** The mark; undefined: the packet has none. */
export function frameMarkIn({ bytes, payloadStart, payloadEnd }: RtpPacket): FrameMark | undefined {
  if (payloadStart >= payloadEnd) return undefined;
  const type = bytes[payloadStart]! & TYPE_MASK;
  if (type === EXTRA_INFORMATION) return readFrameMark(bytes.subarray(payloadStart, payloadEnd));
  if (type !== STAP_A) return undefined;
  for (let at = payloadStart + 1; at + 3 <= payloadEnd;) {
    const end = at + 2 + uint16At(bytes, at);
    if (end > payloadEnd || end === at + 2) return undefined;
    const mark = readFrameMark(bytes.subarray(at + 2, end));
    if (mark !== undefined) return mark;
    at = end;
  }
  return undefined;
}
