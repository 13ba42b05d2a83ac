/**
 * A track that a participant publishes: its streams, what their packets say of pictures, and the way
 * of each packet to the slots that forward it. The publisher's connection makes it and hands it the
 * packets; rooms see its id and source.
 */
import type { TrackSource, TrackView, UserId } from "../../protocol/mod.ts";
import { type CodecName, CODECS, isKeyFrameStart, readPictureSize } from "../rtp/codecs.ts";
import { readAudioLevel, readVoiceActivity, toAbsSendTime } from "../rtp/extensions.ts";
import type { RtpPacket } from "../rtp/packet.ts";
import { Vp8Descriptor } from "../rtp/vp8.ts";
import { Vp9Descriptor } from "../rtp/vp9.ts";
import type { ExtensionIds, NegotiatedMedia } from "../sdp/negotiated_media.ts";
import { Layer, MAX_SPATIAL_LAYERS } from "./layer.ts";
import { type SourcePacket, writeForwardedHeader } from "./source_packet.ts";
import { WantedLayers } from "./wanted_layers.ts";

/** Reused for every packet: nothing of a packet outlives the call that reads it. */
const vp8 = new Vp8Descriptor();
const vp9 = new Vp9Descriptor();

/** One quality of a picture that a receiver can have: a layer of a simulcast, or of a scalable stream. */
export type Quality = {
  readonly layer: Layer;
  /** The highest spatial layer that is forwarded. */
  readonly spatialId: number;
  /** Pixels; 0: not known yet. */
  readonly height: number;
  /** Bits a second, as it comes now. */
  readonly bitrate: number;
};

/** Hears the loudness of a packet that came at `at` (RFC 6464). */
export type Heard = (level: number, isVoice: boolean, at: number) => void;

/** What a publication is made with. */
export type PublicationOptions = {
  readonly trackId: string;
  readonly userId: UserId;
  readonly source: TrackSource;
  readonly media: NegotiatedMedia;
  /** Hears how loud each packet is, for a voice. */
  readonly heard?: Heard | undefined;
  /** A stream was heard for the first time, or a picture changed its size. */
  readonly qualitiesChanged: () => void;
};

/** A published track. */
export class Publication {
  readonly trackId: string;
  readonly userId: UserId;
  readonly source: TrackSource;
  readonly mid: string;
  readonly isVideo: boolean;
  readonly codec: CodecName;
  readonly clockRate: number;
  readonly layers: Layer[] = [];
  /** How tall a picture its publisher was told that anybody wants. */
  readonly wanted = new WantedLayers();
  readonly #ids: ExtensionIds;
  readonly #heard: Heard | undefined;
  readonly #qualitiesChanged: () => void;
  #isScalable = false;

  /** A track of which nothing came yet. */
  constructor(options: PublicationOptions) {
    const { trackId, userId, source, media, heard, qualitiesChanged } = options;
    this.trackId = trackId;
    this.userId = userId;
    this.source = source;
    this.mid = media.mid;
    this.isVideo = media.kind === "video";
    this.codec = media.codec.name;
    this.clockRate = CODECS[media.codec.name].clockRate;
    this.#ids = media.extensionIds;
    this.#heard = heard;
    this.#qualitiesChanged = qualitiesChanged;
  }

  /** The track as the others see it. */
  get view(): TrackView {
    return { trackId: this.trackId, source: this.source };
  }

  /** A stream of it, which is made when it is heard for the first time. */
  layerOf(ssrc: number, rid: string): Layer {
    const known = this.layers.find((layer) => layer.ssrc === ssrc);
    if (known !== undefined) return known;
    const { clockRate, isVideo } = this;
    const layer = new Layer({ ssrc, rid, clockRate, isVideo });
    const former = this.layers.findIndex((one) => one.rid === rid);
    // The same stream under another SSRC: its sender has begun anew (RFC 3550, section 8.2).
    if (former >= 0) {
      const [old] = this.layers.splice(former, 1, layer);
      for (const output of old!.outputs) layer.addOutput(output);
    } else this.layers.push(layer);
    this.#qualitiesChanged();
    return layer;
  }

  /** The qualities that come at `at`, or would if they were asked for; smallest first. */
  qualities(at: number): Quality[] {
    if (this.#isScalable && this.layers.length === 1) return this.#spatialQualities(at);
    const told = this.wanted.height;
    return this.layers.filter((layer) => layer.isActive(at) || layer.height > told)
      .map((layer) => ({
        layer,
        spatialId: MAX_SPATIAL_LAYERS,
        height: layer.height,
        bitrate: layer.meter.bitrate,
      }))
      .sort((one, other) => one.height - other.height || one.bitrate - other.bitrate);
  }

  /** Takes a packet of `layer`, in order or late; it came at `at` and is changed. */
  receive(packet: RtpPacket, layer: Layer, at: number): void {
    const { sequenceNumber } = packet;
    const target = layer.history?.place(sequenceNumber) ?? layer.scratch;
    target.sequenceNumber = sequenceNumber;
    target.timestamp = packet.timestamp;
    target.isMarked = packet.marker;
    target.isEmpty = packet.payloadStart === packet.payloadEnd;
    if (this.isVideo) this.#describe(target, packet, layer);
    else this.#hear(packet, at);
    const payloadStart = packet.payloadStart;
    writeForwardedHeader(target, packet, { ids: this.#ids, absSendTime: toAbsSendTime(at) });
    const moved = target.payloadStart - payloadStart;
    target.pictureIdAt += moved;
    target.tl0At += moved;
    layer.forward(target, at);
  }

  /**
   * What the payload says of its picture; positions are those in the packet as it came. A payload that
   * cannot be read goes on as it is.
   */
  #describe(target: SourcePacket, packet: RtpPacket, layer: Layer): void {
    const { bytes, payloadStart, payloadEnd } = packet;
    target.isKeyFrameStart = target.isFrameStart = target.isFrameEnd = false;
    target.pictureId = target.tl0PicIdx = -1;
    target.spatialId = 0;
    switch (this.codec) {
      case "VP8":
        if (!vp8.read(bytes, payloadStart, payloadEnd)) return;
        target.pictureId = vp8.pictureId;
        target.pictureIdAt = vp8.pictureIdOffset;
        target.isLongPictureId = vp8.isLongPictureId;
        target.tl0PicIdx = vp8.tl0PicIdx;
        target.tl0At = vp8.tl0Offset;
        target.isKeyFrameStart = vp8.isKeyFrame && vp8.isFrameStart;
        break;
      case "VP9":
        if (!vp9.read(bytes, payloadStart, payloadEnd)) return;
        target.isKeyFrameStart = vp9.isKeyFrame;
        this.#scalable(target, layer, vp9.spatialId, payloadEnd - payloadStart);
        target.isFrameStart = vp9.isFrameStart;
        target.isFrameEnd = vp9.isFrameEnd;
        break;
      case "AV1": {
        const { dependencies } = layer;
        target.isKeyFrameStart = isKeyFrameStart("AV1", packet);
        const at = this.#ids.dependencyDescriptor === 0
          ? -1
          : packet.findExtension(this.#ids.dependencyDescriptor);
        if (at < 0 || !dependencies.read(bytes, at, packet.foundLength)) break;
        this.#scalable(target, layer, dependencies.spatialId, payloadEnd - payloadStart);
        target.isFrameStart = dependencies.isFrameStart;
        target.isFrameEnd = dependencies.isFrameEnd;
        break;
      }
      default:
        target.isKeyFrameStart = isKeyFrameStart(this.codec, packet);
    }
    if (target.isKeyFrameStart) this.#keyFrame(packet, layer);
  }

  /** `described` is the spatial layer that the packet names; -1: it names none. */
  #scalable(target: SourcePacket, layer: Layer, described: number, bytes: number): void {
    const spatialId = Math.max(0, described);
    target.spatialId = spatialId;
    layer.countSpatial(spatialId, bytes);
    if (spatialId > 0 && !this.#isScalable) {
      this.#isScalable = true;
      this.#qualitiesChanged();
    }
  }

  #keyFrame(packet: RtpPacket, layer: Layer): void {
    layer.keyFrameCame();
    const size = readPictureSize(this.codec, packet);
    if (size === undefined || (size.height === layer.height && size.width === layer.width)) return;
    layer.width = size.width;
    layer.height = size.height;
    this.#qualitiesChanged();
  }

  #hear(packet: RtpPacket, at: number): void {
    const { audioLevel } = this.#ids;
    if (this.#heard === undefined) return;
    const level = readAudioLevel(packet, audioLevel);
    if (level >= 0) this.#heard(level, readVoiceActivity(packet, audioLevel), at);
  }

  #spatialQualities(at: number): Quality[] {
    const layer = this.layers[0]!; // There is exactly one.
    if (!layer.isActive(at) && this.wanted.height > 0) return [];
    let bitrate = 0;
    const top = layer.spatialMeters.findLastIndex((meter) => meter.bitrate > 0);
    // Each spatial layer is twice as tall as the one below (W3C webrtc-svc, L3T3 and the like). A key
    // frame of VP9 tells the height of the lowest, one of AV1 that of the tallest.
    const lowest = this.codec === "VP9" ? layer.height : layer.height / 2 ** top;
    return layer.spatialMeters.slice(0, top + 1).map((meter, spatialId) => ({
      layer,
      spatialId,
      height: Math.round(lowest * 2 ** spatialId),
      bitrate: bitrate += meter.bitrate,
    }));
  }
}
