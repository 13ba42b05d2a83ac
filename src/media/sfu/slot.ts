/**
 * An m-line of a subscriber: a constant SSRC whose source may change without another negotiation. It
 * gives each packet its own number, time and picture id, switches between qualities at key frames, and
 * sends again what the receiver missed.
 */
import { CODECS } from "../rtp/codecs.ts";
import { timestampDelta } from "../rtp/sequence.ts";
import type { ReportBlock } from "../rtp/rtcp.ts";
import { randomSequenceNumber } from "./credentials.ts";
import type { Layer, LayerOutput } from "./layer.ts";
import { MAX_SPATIAL_LAYERS } from "./layer.ts";
import { pictureIdOf, writePictureId } from "./picture_id.ts";
import type { Publication, Quality } from "./publication.ts";
import { RateMeter } from "./rate_meter.ts";
import { repeatPacket } from "./repair_packet.ts";
import { rewrittenFor, type SlotFormat, SUBSCRIBER_FORMAT } from "./slot_format.ts";
import { ntpMsAt, rtpTimestampAt } from "./sender_clock.ts";
import { SentPackets } from "./sent_packets.ts";
import { SequenceMap } from "./sequence_map.ts";
import { SlotReports } from "./slot_reports.ts";
import type { SourcePacket } from "./source_packet.ts";

/** Timestamp units that a switch moves on at least, so that no two pictures share a time. */
const MIN_STEP = 1;

/** Where a slot's packets go. */
export interface SlotOutput {
  /** Sends a packet; its bytes are copied before this returns. */
  send(bytes: Uint8Array): boolean;
}

/** What a slot is made with. */
export type SlotOptions = {
  readonly mid: string;
  readonly isVideo: boolean;
  readonly ssrc: number;
  /** 0: nothing is sent again. */
  readonly rtxSsrc: number;
  readonly output: SlotOutput;
  /** Default: that of our own offers. */
  readonly format?: SlotFormat;
};

/** One m-line of a subscriber. */
export class Slot implements LayerOutput {
  readonly mid: string;
  readonly isVideo: boolean;
  readonly ssrc: number;
  readonly rtxSsrc: number;
  readonly meter = new RateMeter();
  /** What it carries. */
  publication: Publication | undefined;
  /** Whether the receiver knows the m-line, so that it can take packets. */
  isReady = false;
  /** Counters for the statistics. */
  packets = 0;
  retransmitted = 0;
  nacks = 0;
  plis = 0;
  switches = 0;
  readonly #output: SlotOutput;
  readonly #format: SlotFormat;
  readonly #map = new SequenceMap(randomSequenceNumber());
  readonly #sent: SentPackets | undefined;
  readonly #reports = new SlotReports();
  #layer: Layer | undefined;
  #target: Layer | undefined;
  #spatialId = MAX_SPATIAL_LAYERS;
  #targetSpatialId = MAX_SPATIAL_LAYERS;
  #payloadType = 0;
  #rtxPayloadType = 0;
  #timestamp = 0;
  #timestampAt = 0;
  #timestampOffset = 0;
  #pictureId = 0;
  #pictureIdOffset = 0;
  #tl0PicIdx = 0;
  #tl0Offset = 0;
  #rtxSequenceNumber = randomSequenceNumber();

  /** A slot that carries nothing yet. */
  constructor(options: SlotOptions) {
    const { mid, isVideo, ssrc, rtxSsrc, output, format = SUBSCRIBER_FORMAT } = options;
    this.mid = mid;
    this.isVideo = isVideo;
    this.ssrc = ssrc;
    this.rtxSsrc = rtxSsrc;
    this.#output = output;
    this.#format = format;
    this.#sent = isVideo && rtxSsrc !== 0 ? new SentPackets() : undefined;
  }

  /** Packets that the receiver missed, by its last report. */
  get lost(): number {
    return this.#reports.lost;
  }

  /** To the receiver and back, as its last report said. */
  get roundTripMs(): number {
    return this.#reports.roundTripMs;
  }

  /** The layer that is forwarded now. */
  get layer(): Layer | undefined {
    return this.#layer;
  }

  /** What is forwarded now, or will be from the next key frame on. */
  get chosen(): Pick<Quality, "layer" | "spatialId"> | undefined {
    const layer = this.#target ?? this.#layer;
    return layer === undefined ? undefined : { layer, spatialId: this.#targetSpatialId };
  }

  /** Carries `publication` from now on, once {@linkcode select} says in which quality. */
  assign(publication: Publication | undefined): void {
    if (publication === this.publication) return;
    this.stop();
    this.publication = publication;
    if (publication === undefined) {
      this.#payloadType = 0;
      return;
    }
    this.#payloadType = this.#format.payloadTypes[publication.codec] ?? 0;
    this.#rtxPayloadType = this.#format.rtxPayloadTypes[publication.codec] ?? 0;
  }

  /** Forwards `quality` from its next key frame on; sound at once. */
  select({ layer, spatialId }: Pick<Quality, "layer" | "spatialId">): void {
    if (!this.isReady || this.#payloadType === 0) return;
    this.#targetSpatialId = spatialId;
    if (layer === this.#layer) {
      this.#abandonTarget();
      if (this.isVideo && spatialId > this.#spatialId) layer.wantKeyFrame();
      return;
    }
    if (layer === this.#target) return;
    this.#abandonTarget();
    this.#target = layer;
    layer.addOutput(this);
    if (this.isVideo) layer.wantKeyFrame();
  }

  /** Forwards nothing any more, until the next {@linkcode select}. */
  stop(): void {
    this.#abandonTarget();
    this.#layer?.removeOutput(this);
    this.#layer = undefined;
  }

  /** The receiver lost what it needs (RFC 4585, section 6.3.1). */
  requestKeyFrame(): void {
    this.plis++;
    this.#layer?.wantKeyFrame();
  }

  /** See LayerOutput. */
  forward(packet: SourcePacket, layer: Layer, at: number): void {
    if (layer !== this.#layer && !this.#switchTo(packet, layer, at)) return;
    if (!this.#fits(packet, layer)) return;
    const sequenceNumber = this.#map.map(packet.sequenceNumber);
    if (sequenceNumber < 0) return;
    const timestamp = (packet.timestamp + this.#timestampOffset) >>> 0;
    if (sequenceNumber === this.#map.last) {
      this.#timestamp = timestamp;
      this.#timestampAt = at;
    }
    const isMarked = packet.isMarked ||
      (packet.isFrameEnd && packet.spatialId === this.#spatialId);
    const { bytes } = packet;
    bytes[1] = isMarked ? this.#payloadType | 0x80 : this.#payloadType;
    bytes[2] = sequenceNumber >> 8;
    bytes[3] = sequenceNumber;
    bytes[4] = timestamp >>> 24;
    bytes[5] = timestamp >>> 16;
    bytes[6] = timestamp >>> 8;
    bytes[7] = timestamp;
    const { ssrc } = this;
    bytes[8] = ssrc >>> 24;
    bytes[9] = ssrc >>> 16;
    bytes[10] = ssrc >>> 8;
    bytes[11] = ssrc;
    let pictureId = -1;
    let tl0PicIdx = -1;
    if (packet.pictureId >= 0) {
      const { isLongPictureId } = packet;
      pictureId = pictureIdOf(packet.pictureId + this.#pictureIdOffset, isLongPictureId);
      writePictureId(bytes, packet.pictureIdAt, isLongPictureId, pictureId);
      this.#pictureId = pictureId;
    }
    if (packet.tl0PicIdx >= 0) {
      tl0PicIdx = (packet.tl0PicIdx + this.#tl0Offset) & 0xff;
      bytes[packet.tl0At] = tl0PicIdx;
      this.#tl0PicIdx = tl0PicIdx;
    }
    if (this.#sent !== undefined) {
      const place = this.#sent.place(sequenceNumber, packet);
      this.#sent.timestamps[place] = timestamp;
      this.#sent.pictureIds[place] = pictureId;
      this.#sent.tl0PicIdxs[place] = tl0PicIdx;
      this.#sent.marks[place] = isMarked ? 1 : 0;
      this.#sent.rtxPayloadTypes[place] = this.#rtxPayloadType;
    }
    this.#send(bytes, packet.payloadStart);
  }

  /**
   * Sends again what the receiver misses (RFC 4588), as far as it is kept and `mayResend` agrees to
   * its bytes.
   */
  resend(
    sequenceNumbers: readonly number[],
    at: number,
    mayResend: (bytes: number) => boolean,
  ): void {
    this.nacks++;
    for (const sequenceNumber of sequenceNumbers) {
      const sent = this.#sent?.find(sequenceNumber, at);
      if (sent === undefined) continue;
      const { bytes, payloadStart } = sent.packet;
      if (!mayResend(bytes.length)) return;
      this.#rtxSequenceNumber = (this.#rtxSequenceNumber + 1) & 0xffff;
      const stream = { ssrc: this.rtxSsrc, sequenceNumber: this.#rtxSequenceNumber };
      this.retransmitted++;
      this.#send(repeatPacket(sent, stream), payloadStart);
    }
  }

  /** How its timestamps lie in the time of its source; undefined while that is not known. */
  timesAt(at: number): { readonly ntpMs: number; readonly rtpTimestamp: number } | undefined {
    const clock = this.#layer?.clock;
    if (clock === undefined || this.packets === 0) return undefined;
    const { clockRate } = CODECS[this.publication!.codec];
    const rtpTimestamp = rtpTimestampAt(clock, at, clockRate) + this.#timestampOffset;
    return { ntpMs: ntpMsAt(clock, at), rtpTimestamp: rtpTimestamp >>> 0 };
  }

  /** A sender report for the receiver, or none while nothing is known of the source's time. */
  senderReport(at: number): Uint8Array | undefined {
    const times = this.timesAt(at);
    if (times === undefined) return undefined;
    const { ssrc, packets, meter } = this;
    return this.#reports.write({ ssrc, packets, bytes: meter.bytes, ...times }, at);
  }

  /**
   * Takes what the receiver says of it, which came at `at` (RFC 3550, section 6.4.1). Returns how many
   * packets that is about.
   */
  reported(block: ReportBlock, at: number): number {
    return this.#reports.reported(block, at);
  }

  #abandonTarget(): void {
    if (this.#target !== undefined && this.#target !== this.#layer) {
      this.#target.removeOutput(this);
    }
    this.#target = undefined;
  }

  /** Whether `packet` is the place to change to its layer; then it is the first one of that. */
  #switchTo(packet: SourcePacket, layer: Layer, at: number): boolean {
    if (layer !== this.#target) {
      // A source that began anew under another SSRC has put its outputs here.
      if (this.#target !== undefined || layer.rid !== this.#layer?.rid) return false;
      this.#target = layer;
    }
    if (this.isVideo && !packet.isKeyFrameStart) {
      layer.wantKeyFrame();
      return false;
    }
    const { clockRate } = CODECS[this.publication!.codec];
    const elapsed = this.packets === 0
      ? 0
      : Math.max(MIN_STEP, Math.round((at - this.#timestampAt) * clockRate / 1_000));
    this.#timestampOffset = timestampDelta(this.#timestamp + elapsed, packet.timestamp);
    this.#pictureIdOffset = this.#pictureId + 1 - packet.pictureId;
    this.#tl0Offset = this.#tl0PicIdx + 1 - packet.tl0PicIdx;
    this.#map.restart(packet.sequenceNumber);
    this.#layer?.removeOutput(this);
    this.#layer = layer;
    this.#target = undefined;
    this.#spatialId = this.#targetSpatialId;
    this.switches++;
    return true;
  }

  /** Whether the packet's spatial layer is forwarded; where not, its number goes to the next one. */
  #fits(packet: SourcePacket, layer: Layer): boolean {
    if (this.#spatialId !== this.#targetSpatialId) {
      if (packet.isKeyFrameStart) this.#spatialId = this.#targetSpatialId;
      else if (this.#targetSpatialId < this.#spatialId) {
        // Down at any picture's begin: what is left out is not needed by what stays.
        if (packet.spatialId === 0 && packet.isFrameStart) this.#spatialId = this.#targetSpatialId;
      } else layer.wantKeyFrame();
    }
    if (packet.spatialId <= this.#spatialId && !packet.isEmpty) return true;
    this.#map.drop(packet.sequenceNumber);
    return false;
  }

  #send(bytes: Uint8Array, payloadStart: number): void {
    this.packets++;
    this.meter.add(bytes.length - payloadStart);
    const { extensionIds } = this.#format;
    this.#output.send(
      extensionIds === undefined ? bytes : rewrittenFor(extensionIds, bytes, payloadStart),
    );
  }
}
