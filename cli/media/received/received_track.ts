/**
 * What one participant sends of one thing, as it comes over one connection: packets are counted, asked
 * for again where they are missing, and handed on in the order of their coming, repeated ones as they
 * were at first. Nothing is decoded; what codecs tell of their pictures is read.
 */
import {
  type CodecName,
  CODECS,
  isKeyFrameStart,
  readPictureSize,
} from "../../../src/media/rtp/codecs.ts";
import { fromNtp, middleOfNtp } from "../../../src/media/rtp/ntp.ts";
import type { RtpPacket } from "../../../src/media/rtp/packet.ts";
import type { ReportBlock, SenderReport } from "../../../src/media/rtp/rtcp.ts";
import { timestampDelta } from "../../../src/media/rtp/sequence.ts";
import { MissingPackets } from "../../../src/media/sfu/missing_packets.ts";
import { Reception } from "../../../src/media/sfu/reception.ts";
import { frameMarkIn } from "./mark_in_packet.ts";

/** RFC 4588, section 4: the number of the packet that is repeated. */
const ORIGINAL_NUMBER_BYTES = 2;
/** How soon a packet that was asked for may be asked for again. */
const ROUND_TRIP_MS = 80;
/** Delays in reports are in 1/65536 of a second. */
const DELAY_UNITS_PER_MS = 65.536;
/** A picture that does not move for so long stands still. */
const FROZEN_MS = 1_000;
/** Of what nothing came for so long, nothing is on its way. */
const LATELY_MS = 2_000;

/** Who gets the packets of a track. */
export interface TrackSink {
  /** A packet that came at `at`; its fields hold until the next one. */
  packet(codec: CodecName, packet: RtpPacket, at: number): void;
  /** The sender says when a timestamp was, in milliseconds of its own clock since the epoch. */
  senderReport(report: { ssrc: number; ntpMs: number; rtpTimestamp: number }): void;
}

/** What a track says of itself. */
export type TrackCounts = {
  readonly codec: CodecName | undefined;
  readonly width: number;
  readonly height: number;
  readonly packets: number;
  readonly bytes: number;
  readonly frames: number;
  readonly keyFrames: number;
  /** Never came. */
  readonly lost: number;
  /** Came when they were asked for again. */
  readonly repaired: number;
  readonly jitterMs: number;
  /** How often the picture stood still for a second or longer, and whether it does now. */
  readonly freezes: number;
  readonly isFrozen: boolean;
  /** Of a test pattern: the number of the last frame, and how many followed on the one before. */
  readonly frameNumber: number | undefined;
  readonly numbersInOrder: number;
};

/** One track. */
export class ReceivedTrack {
  readonly isVideo: boolean;
  /** Gets every packet; default: nobody does. */
  sink: TrackSink | undefined;
  codec: CodecName | undefined;
  packets = 0;
  bytes = 0;
  frames = 0;
  keyFrames = 0;
  /** When it began; undefined: nothing has come of it that could be shown. */
  beganAt: number | undefined;
  readonly #clockRate: number;
  readonly #missing = new MissingPackets();
  #reception: Reception;
  #ssrc: number | undefined;
  #timestamp: number | undefined;
  #size = { width: 0, height: 0 };
  #repaired = 0;
  #lostBefore = 0;
  #frameAt: number | undefined;
  #freezes = 0;
  #frameNumber: number | undefined;
  #numbersInOrder = 0;
  #report: { readonly middle: number; readonly at: number } | undefined;
  #isKeyFrameWanted = false;
  #keyTimestamp: number | undefined;

  /** Nothing has come yet. */
  constructor(isVideo: boolean) {
    this.isVideo = isVideo;
    this.#clockRate = CODECS[isVideo ? "VP8" : "opus"].clockRate;
    this.#reception = new Reception(this.#clockRate);
  }

  /** The source of its packets; undefined: none has come. */
  get ssrc(): number | undefined {
    return this.#ssrc;
  }

  /** Whether something of it came lately. */
  isLiveAt(at: number): boolean {
    return this.#frameAt !== undefined && at - this.#frameAt < LATELY_MS;
  }

  /** Takes a packet of `codec` that came at `at`. */
  take(
    packet: RtpPacket,
    { codec, isRepair, at }: { codec: CodecName; isRepair: boolean; at: number },
  ): void {
    this.bytes += packet.bytes.length;
    if (packet.payloadStart === packet.payloadEnd) return; // A probe of the path.
    if (isRepair) {
      if (!this.#restore(packet)) return;
    } else this.#count(packet, at);
    this.packets++;
    this.#look(codec, packet, at);
    this.sink?.packet(codec, packet, at);
  }

  /** Numbers of packets to ask for now. */
  missing(at: number): number[] {
    return this.#missing.due(at, ROUND_TRIP_MS);
  }

  /** Somebody cannot go on without a key frame. */
  wantKeyFrame(): void {
    this.#isKeyFrameWanted = true;
  }

  /** Whether one is to be asked for; forgets that it was wanted. */
  takeKeyFrameWish(): boolean {
    const isStuck = this.isVideo && this.packets > 0 && this.keyFrames === 0;
    const isWanted = this.isVideo && (this.#isKeyFrameWanted || isStuck);
    this.#isKeyFrameWanted = false;
    return isWanted;
  }

  /** What a receiver report says of it at `at`; undefined: nothing has come yet. */
  reportBlock(at: number): ReportBlock | undefined {
    if (this.#ssrc === undefined) return undefined;
    const report = this.#report;
    return {
      ssrc: this.#ssrc,
      ...this.#reception.report(),
      lastSenderReport: report?.middle ?? 0,
      delaySinceLastSenderReport: report === undefined
        ? 0
        : Math.round((at - report.at) * DELAY_UNITS_PER_MS),
    };
  }

  /** Takes a report of its sender that came at `at`. */
  senderReport({ ssrc, ntpHigh, ntpLow, rtpTimestamp }: SenderReport, at: number): void {
    this.#report = { middle: middleOfNtp(ntpHigh, ntpLow), at };
    this.sink?.senderReport({ ssrc, ntpMs: fromNtp(ntpHigh, ntpLow), rtpTimestamp });
  }

  /** What it says of itself at `at`. */
  countsAt(at: number): TrackCounts {
    const { codec, packets, bytes, frames, keyFrames } = this;
    const { jitter } = this.#reception.report();
    const isFrozen = this.isVideo && this.#frameAt !== undefined && at - this.#frameAt > FROZEN_MS;
    return {
      ...{ codec, ...this.#size, packets, bytes, frames, keyFrames, isFrozen },
      repaired: this.#repaired,
      lost: Math.max(0, this.#lostBefore + this.#reception.lost - this.#repaired),
      jitterMs: jitter * 1_000 / this.#clockRate,
      freezes: this.#freezes + (isFrozen ? 1 : 0),
      frameNumber: this.#frameNumber,
      numbersInOrder: this.#numbersInOrder,
    };
  }

  /** The packet as it was before it was repeated (RFC 4588); `false`: it is none. */
  #restore(packet: RtpPacket): boolean {
    const { bytes, payloadStart: at } = packet;
    if (this.#ssrc === undefined || packet.payloadEnd - at <= ORIGINAL_NUMBER_BYTES) return false;
    packet.sequenceNumber = bytes[at]! << 8 | bytes[at + 1]!;
    packet.payloadStart += ORIGINAL_NUMBER_BYTES;
    packet.ssrc = this.#ssrc;
    if (!this.#missing.came(packet.sequenceNumber)) return false; // It was not missing any more.
    this.#repaired++;
    return true;
  }

  #count(packet: RtpPacket, at: number): void {
    const { ssrc, sequenceNumber, timestamp } = packet;
    if (ssrc !== this.#ssrc) {
      this.#ssrc = ssrc;
      this.#lostBefore += this.#reception.lost;
      this.#reception = new Reception(this.#clockRate);
      this.#missing.clear();
      this.#timestamp = undefined;
    }
    const { highest } = this.#reception;
    const ahead = this.#reception.count(sequenceNumber, timestamp, at);
    if (ahead > 1 && this.isVideo && !this.#missing.skipped(highest, sequenceNumber, at)) {
      this.wantKeyFrame(); // Too many are missing to be repeated.
    }
    if (ahead <= 0) this.#missing.came(sequenceNumber);
  }

  #look(codec: CodecName, packet: RtpPacket, at: number): void {
    const { timestamp } = packet;
    this.codec = codec;
    if (this.#timestamp === undefined || timestampDelta(timestamp, this.#timestamp) > 0) {
      if (this.#frameAt !== undefined && at - this.#frameAt > FROZEN_MS) this.#freezes++;
      this.#timestamp = timestamp;
      this.#frameAt = at;
      this.frames++;
    }
    if (!this.isVideo) {
      this.beganAt ??= at;
      return;
    }
    this.#readMark(codec, packet);
    if (!isKeyFrameStart(codec, packet)) return;
    const size = readPictureSize(codec, packet);
    if (size !== undefined) this.#size = size;
    // Of H.264 several packets may begin one.
    if (codec !== "H264" || this.#keyTimestamp !== timestamp) this.keyFrames++;
    this.#keyTimestamp = timestamp;
    this.beganAt ??= at;
  }

  #readMark(codec: CodecName, packet: RtpPacket): void {
    const number = codec === "H264" ? frameMarkIn(packet)?.number : undefined;
    if (number === undefined) return;
    if (this.#frameNumber !== undefined && number > this.#frameNumber) this.#numbersInOrder++;
    this.#frameNumber = number;
  }
}
