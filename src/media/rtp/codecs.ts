/**
 * The codecs that we forward: how we offer them to subscribers, and what the packets of each tell of
 * their pictures. Descriptions are written from the table, the SFU asks the functions.
 */
import { assertNever } from "../../base/mod.ts";
import { isAv1KeyFrameStart, readAv1PictureSize } from "./av1.ts";
import { isH264KeyFrameStart, readH264PictureSize } from "./h264.ts";
import type { RtpPacket } from "./packet.ts";
import type { PictureSize } from "./picture_size.ts";
import { readVp8PictureSize, Vp8Descriptor } from "./vp8.ts";
import { Vp9Descriptor } from "./vp9.ts";
import { readVp9PictureSize } from "./vp9_header.ts";

export type { PictureSize };

/** As a=rtpmap names them. */
export type CodecName = "VP8" | "VP9" | "H264" | "AV1" | "opus";

/** How a codec is offered to subscribers. */
export type Codec = {
  readonly name: CodecName;
  readonly kind: "audio" | "video";
  /** Hertz. */
  readonly clockRate: number;
  /** 0: a=rtpmap says nothing of channels. */
  readonly channels: number;
  /** The same towards every subscriber. */
  readonly payloadType: number;
  /** RFC 4588; 0: it is not sent again. */
  readonly rtxPayloadType: number;
  /** Empty: it has none. */
  readonly fmtp: string;
  /** Of a=rtcp-fb, one a line. */
  readonly feedback: readonly string[];
};

const VIDEO = {
  kind: "video",
  clockRate: 90_000,
  channels: 0,
  feedback: ["nack", "nack pli", "ccm fir", "goog-remb"],
} as const;

/** Every codec that we forward. */
export const CODECS: Readonly<Record<CodecName, Codec>> = {
  VP8: { name: "VP8", ...VIDEO, payloadType: 96, rtxPayloadType: 97, fmtp: "" },
  VP9: { name: "VP9", ...VIDEO, payloadType: 98, rtxPayloadType: 99, fmtp: "profile-id=0" },
  H264: {
    name: "H264",
    ...VIDEO,
    payloadType: 108,
    rtxPayloadType: 109,
    fmtp: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
  },
  AV1: {
    name: "AV1",
    ...VIDEO,
    payloadType: 45,
    rtxPayloadType: 46,
    fmtp: "level-idx=5;profile=0;tier=0",
  },
  opus: {
    name: "opus",
    kind: "audio",
    clockRate: 48_000,
    channels: 2,
    payloadType: 111,
    rtxPayloadType: 0,
    fmtp: "minptime=10;useinbandfec=1",
    feedback: [],
  },
};

// One of each serves all calls: nothing of them outlives a call.
const vp8 = new Vp8Descriptor();
const vp9 = new Vp9Descriptor();

/** Whether a decoder can begin with this packet; every packet of a sound can be begun with. */
export function isKeyFrameStart(codec: CodecName, packet: RtpPacket): boolean {
  const { bytes, payloadStart, payloadEnd } = packet;
  switch (codec) {
    case "VP8":
      return vp8.read(bytes, payloadStart, payloadEnd) && vp8.isKeyFrame;
    case "VP9":
      return vp9.read(bytes, payloadStart, payloadEnd) && vp9.isKeyFrame;
    case "H264":
      return isH264KeyFrameStart(packet);
    case "AV1":
      return isAv1KeyFrameStart(packet);
    case "opus":
      return true;
    default:
      return assertNever(codec);
  }
}

/** The size of the picture that begins with this packet; `undefined` where the packet does not say. */
export function readPictureSize(codec: CodecName, packet: RtpPacket): PictureSize | undefined {
  const { bytes, payloadStart, payloadEnd } = packet;
  switch (codec) {
    case "VP8":
      if (!vp8.read(bytes, payloadStart, payloadEnd) || !vp8.isFrameStart) return undefined;
      return readVp8PictureSize(bytes, payloadStart + vp8.length, payloadEnd);
    case "VP9":
      if (!vp9.read(bytes, payloadStart, payloadEnd) || !vp9.isFrameStart) return undefined;
      return readVp9PictureSize(bytes, payloadStart + vp9.length, payloadEnd);
    case "H264":
      return readH264PictureSize(packet);
    case "AV1":
      return readAv1PictureSize(packet);
    case "opus":
      return undefined;
    default:
      return assertNever(codec);
  }
}
