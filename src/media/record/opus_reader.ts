/**
 * Opus packets (RFC 7587): each RTP packet is a frame. What cannot be an Opus packet by its lengths
 * is refused, so that the times of a file are those of its sound.
 */
import { byteAt } from "../rtp/bytes.ts";
import type { RtpPacket } from "../rtp/packet.ts";
import type { FrameBytes } from "./frame_bytes.ts";
import type { PayloadReader } from "./payload_reader.ts";

/** RFC 6716, section 3.2.5: a packet is never longer. */
const MAX_PACKET_MS = 120;
/** Section 3.1: milliseconds of a frame by the low bits of the configuration, by mode. */
const SILK_MS = [10, 20, 40, 60] as const;
const HYBRID_MS = [10, 20] as const;
const CELT_MS = [2.5, 5, 10, 20] as const;
/** Configurations below are SILK, below the second one hybrid, and CELT from there on. */
const FIRST_HYBRID = 12;
const FIRST_CELT = 16;

/** 20 ms of silence: CELT, full band, mono, one frame whose first symbol says that nothing sounds. */
export const SILENCE: Uint8Array = new Uint8Array([0xf8, 0xff, 0xfe]);
/** How long it lasts. */
export const SILENCE_MS = 20;

/** Reads the packets of one track. */
export class OpusReader implements PayloadReader {
  /** See PayloadReader. */
  begin(): void {}

  /** See PayloadReader. */
  append({ bytes, payloadStart, payloadEnd }: RtpPacket, frame: FrameBytes): boolean {
    if (frame.length > 0 || opusDurationMs(bytes, payloadStart, payloadEnd) === 0) return false;
    return frame.append(bytes, payloadStart, payloadEnd);
  }

  /** See PayloadReader. */
  finish(frame: FrameBytes): boolean {
    return frame.length > 0;
  }
}

/** How long an Opus packet sounds (RFC 6716, section 3.1); 0: it is none. */
export function opusDurationMs(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start) return 0;
  const head = byteAt(bytes, start);
  const frameMs = frameDurationMs(head >> 3);
  const code = head & 0x03;
  if (code === 0) return frameMs;
  if (code < 3) return frameMs * 2;
  const count = end - start < 2 ? 0 : byteAt(bytes, start + 1) & 0x3f;
  return frameMs * count <= MAX_PACKET_MS ? frameMs * count : 0;
}

function frameDurationMs(configuration: number): number {
  if (configuration < FIRST_HYBRID) return SILK_MS[configuration % SILK_MS.length]!;
  if (configuration < FIRST_CELT) return HYBRID_MS[configuration % HYBRID_MS.length]!;
  return CELT_MS[configuration % CELT_MS.length]!;
}
