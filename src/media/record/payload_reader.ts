/**
 * What the codecs do alike when frames are put together from packets: the interface of a reader, and
 * which codec has which. The assembler calls a reader with the payloads of one frame in order.
 */
import { assertNever } from "../../base/mod.ts";
import type { CodecName } from "../rtp/codecs.ts";
import type { RtpPacket } from "../rtp/packet.ts";
import { Av1Reader } from "./av1_reader.ts";
import type { FrameBytes } from "./frame_bytes.ts";
import { H264Reader } from "./h264_reader.ts";
import { OpusReader } from "./opus_reader.ts";
import { Vp8Reader } from "./vp8_reader.ts";
import { Vp9Reader } from "./vp9_reader.ts";

/** Takes payloads apart. One serves a whole track. */
export interface PayloadReader {
  /** A frame begins; whatever was left of another is forgotten. */
  begin(): void;
  /**
   * Adds what a packet holds of the frame; `false`: it does not continue what is there, or is no
   * payload of the codec, and the frame is lost.
   */
  append(packet: RtpPacket, frame: FrameBytes): boolean;
  /** Adds what ends a frame; `false`: it is not whole. */
  finish(frame: FrameBytes): boolean;
}

/** A reader of its own. */
export function createPayloadReader(codec: CodecName): PayloadReader {
  switch (codec) {
    case "VP8":
      return new Vp8Reader();
    case "VP9":
      return new Vp9Reader();
    case "H264":
      return new H264Reader();
    case "AV1":
      return new Av1Reader();
    case "opus":
      return new OpusReader();
    default:
      return assertNever(codec);
  }
}
