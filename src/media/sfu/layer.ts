/**
 * One stream of a publication: the only one, or one of those of a simulcast. It keeps account of what
 * comes, asks for what is missing, and hands each packet to the slots that forward it.
 */
import { DependencyDescriptor } from "../rtp/av1.ts";
import { MissingPackets } from "./missing_packets.ts";
import { RateMeter } from "./rate_meter.ts";
import { Reception } from "./reception.ts";
import type { SenderClock } from "./sender_clock.ts";
import { PacketHistory, SourcePacket } from "./source_packet.ts";

/** A stream that sent nothing for so long has stopped, until it sends again. */
const SILENT_MS = 1_500;
/** Spatial layers of a scalable stream that are told apart. */
export const MAX_SPATIAL_LAYERS = 4;

/** What forwards a layer's packets. */
export interface LayerOutput {
  /** Takes one packet; changes in `packet.bytes` only what is its own. */
  forward(packet: SourcePacket, layer: Layer, at: number): void;
}

/** What a layer is made with. */
export type LayerOptions = {
  readonly ssrc: number;
  /** The a=rid; empty where there is but one stream. */
  readonly rid: string;
  readonly clockRate: number;
  readonly isVideo: boolean;
};

/** One stream. */
export class Layer {
  readonly ssrc: number;
  readonly rid: string;
  readonly reception: Reception;
  readonly missing = new MissingPackets();
  readonly meter = new RateMeter();
  /** What AV1 says of its frames; the templates belong to this stream. */
  readonly dependencies = new DependencyDescriptor();
  /** Bits a second by spatial layer, of a scalable stream. */
  readonly spatialMeters: RateMeter[] = [];
  /** Kept for receivers that ask again; sound is not. */
  readonly history: PacketHistory | undefined;
  /** Packets of sound go through this one, one after the other. */
  readonly scratch = new SourcePacket();
  /** Those that forward it, or want to from its next key frame on. */
  readonly outputs: LayerOutput[] = [];
  /** The publisher's last sender report (RFC 3550, section 6.4.1). */
  clock: SenderClock | undefined;
  /** Pixels, as the last key frame said; 0 until then. */
  width = 0;
  height = 0;
  /** Counters for the statistics. */
  nacks = 0;
  plis = 0;
  retransmitted = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #keyFrameAskedAt = Number.NEGATIVE_INFINITY;
  #isKeyFrameWanted = false;

  /** Nothing has come yet. */
  constructor({ ssrc, rid, clockRate, isVideo }: LayerOptions) {
    this.ssrc = ssrc;
    this.rid = rid;
    this.reception = new Reception(clockRate);
    this.history = isVideo ? new PacketHistory() : undefined;
  }

  /** Whether packets come. */
  isActive(at: number): boolean {
    return at - this.#lastAt < SILENT_MS;
  }

  /** A packet came at `at`. */
  touched(at: number): void {
    this.#lastAt = at;
  }

  /** Somebody needs a key frame; it is asked for with the next {@linkcode takeKeyFrameWish}. */
  wantKeyFrame(): void {
    this.#isKeyFrameWanted = true;
  }

  /** A key frame begins: nobody needs another. */
  keyFrameCame(): void {
    this.#isKeyFrameWanted = false;
  }

  /** Whether to ask for a key frame now, so that many wishes become one request. */
  takeKeyFrameWish(at: number, periodMs: number): boolean {
    if (!this.#isKeyFrameWanted || at - this.#keyFrameAskedAt < periodMs) return false;
    this.#keyFrameAskedAt = at;
    this.plis++;
    return true;
  }

  /** Adds an output, once. */
  addOutput(output: LayerOutput): void {
    if (!this.outputs.includes(output)) this.outputs.push(output);
  }

  /** Takes an output out. */
  removeOutput(output: LayerOutput): void {
    const index = this.outputs.indexOf(output);
    if (index >= 0) this.outputs.splice(index, 1);
  }

  /** Hands a packet on. */
  forward(packet: SourcePacket, at: number): void {
    const { outputs } = this;
    // An output that switches away takes itself out of another layer's list, never of this one.
    for (let n = 0; n < outputs.length; n++) outputs[n]!.forward(packet, this, at);
  }

  /** Counts the bytes of a spatial layer. */
  countSpatial(spatialId: number, bytes: number): void {
    if (spatialId >= MAX_SPATIAL_LAYERS) return;
    while (this.spatialMeters.length <= spatialId) this.spatialMeters.push(new RateMeter());
    this.spatialMeters[spatialId]!.add(bytes);
  }

  /** Reads the meters. */
  tick(at: number): void {
    this.meter.tick(at);
    for (const meter of this.spatialMeters) meter.tick(at);
  }
}
