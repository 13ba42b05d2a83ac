/** VP8 frames from packets (RFC 7741): descriptors off, the rest in a row. */
import type { RtpPacket } from "../rtp/packet.ts";
import { Vp8Descriptor } from "../rtp/vp8.ts";
import type { FrameBytes } from "./frame_bytes.ts";
import type { PayloadReader } from "./payload_reader.ts";

/** Reads the packets of one track. */
export class Vp8Reader implements PayloadReader {
  readonly #descriptor = new Vp8Descriptor();

  /** See PayloadReader. */
  begin(): void {}

  /** See PayloadReader. */
  append({ bytes, payloadStart, payloadEnd }: RtpPacket, frame: FrameBytes): boolean {
    const descriptor = this.#descriptor;
    if (!descriptor.read(bytes, payloadStart, payloadEnd)) return false;
    if (descriptor.isFrameStart !== (frame.length === 0)) return false;
    return frame.append(bytes, payloadStart + descriptor.length, payloadEnd);
  }

  /** See PayloadReader. */
  finish(frame: FrameBytes): boolean {
    return frame.length > 0;
  }
}
