/**
 * One packet as a receiver reads it: RTP, the payload that its sender wrote, and what the head of its
 * codec says. Whatever was repeated stands here as what it repeats.
 */
import { RtpPacket } from "../../src/media/rtp/packet.ts";
import { Vp8Descriptor } from "../../src/media/rtp/vp8.ts";
import { PayloadReader } from "./payload.ts";
import { frameHeaderBytes } from "./vp8_head.ts";

/** Bytes of the table of contents of Opus. */
const OPUS_HEAD_BYTES = 1;
/** RFC 4588, section 4: the number of the packet that is repeated. */
const ORIGINAL_NUMBER_BYTES = 2;

/** A view of one packet after another; after `false` its fields mean nothing. */
export class ReceivedPacket {
  readonly rtp = new RtpPacket();
  readonly payload = new PayloadReader();
  /** Of a picture; `isVideo` says whether it is one. */
  readonly descriptor = new Vp8Descriptor();
  isVideo = false;
  /** It came in the repair stream. */
  isRepeated = false;
  /** Of the packet itself, whichever way it came. */
  sequenceNumber = 0;

  /** Whether the packet that `rtp` has read carries what a synthetic sender wrote, unchanged. */
  read({ isVideo, isRepeated }: { isVideo: boolean; isRepeated: boolean }): boolean {
    const { rtp, descriptor } = this;
    const { bytes, payloadEnd: end } = rtp;
    this.isVideo = isVideo;
    this.isRepeated = isRepeated;
    let from = rtp.payloadStart;
    this.sequenceNumber = rtp.sequenceNumber;
    if (isRepeated) {
      if (end - from < ORIGINAL_NUMBER_BYTES) return false;
      this.sequenceNumber = bytes[from]! << 8 | bytes[from + 1]!;
      from += ORIGINAL_NUMBER_BYTES;
    }
    if (!isVideo) return this.payload.read(bytes, { from, at: from + OPUS_HEAD_BYTES, end });
    if (!descriptor.read(bytes, from, end)) return false;
    from += descriptor.length;
    return this.payload.read(bytes, { from, at: from + frameHeaderBytes(descriptor), end });
  }
}
