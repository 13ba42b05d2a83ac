/**
 * What goes to one receiver: its slots over one transport, and what it says of them. It decides, with
 * the receiver's wishes and the bandwidth of its path, in which quality each picture is sent.
 */
import { isRtcp } from "../rtp/packet.ts";
import {
  joinRtcp,
  readRtcp,
  type ReportBlock,
  type RtcpMessage,
  writeSourceDescription,
} from "../rtp/rtcp.ts";
import { allocate, type VideoPriority, type WantedVideo } from "./allocation.ts";
import { Bandwidth, type Sending } from "./bandwidth.ts";
import { MAX_SPATIAL_LAYERS } from "./layer.ts";
import type { Publication, Quality } from "./publication.ts";
import { RetransmissionBudget } from "./retransmission_budget.ts";
import type { Slot, SlotOutput } from "./slot.ts";
import type { PacketTap, Transport } from "./transport.ts";
import type { LayerWish } from "./wanted_layers.ts";

/** Sender reports go out this often (RFC 3550, section 6.2, at small rates). */
const REPORT_PERIOD_MS = 1_000;
/** Qualities are chosen anew this often, and whenever something changed. */
const ALLOCATION_PERIOD_MS = 500;

/** How a receiver wants a picture. */
export type Wish = {
  /** Pixels; undefined: as tall as it comes. */
  readonly maxHeight: number | undefined;
  readonly isPaused: boolean;
  readonly priority: VideoPriority;
};

/** What a downlink is made with. */
export type DownlinkOptions = {
  /** How the receiver wants what a slot carries. */
  readonly wishOf: (slot: Slot) => Wish;
  /** The source description's name (RFC 3550, section 6.5.1) of a slot. */
  readonly cnameOf: (slot: Slot) => string;
};

/** The media to one receiver. */
export class Downlink implements SlotOutput {
  readonly bandwidth = new Bandwidth();
  /** Set as soon as there is one. */
  transport: Transport | undefined;
  /** Sees every packet, while somebody captures. */
  tap: PacketTap | undefined;
  readonly #options: DownlinkOptions;
  readonly #slots: Slot[] = [];
  readonly #bySsrc = new Map<number, Slot>();
  readonly #budget = new RetransmissionBudget();
  #allocated: Pick<Sending, "allocated" | "next"> = { allocated: 0, next: undefined };
  #reportedAt = Number.NEGATIVE_INFINITY;
  #allocatedAt = Number.NEGATIVE_INFINITY;

  /** Nothing is sent yet. */
  constructor(options: DownlinkOptions) {
    this.#options = options;
  }

  /** Its slots. */
  get slots(): readonly Slot[] {
    return this.#slots;
  }

  /** Adds a slot. */
  add(slot: Slot): void {
    this.#slots.push(slot);
    this.#bySsrc.set(slot.ssrc, slot);
  }

  /** See SlotOutput. */
  send(bytes: Uint8Array): boolean {
    if (this.tap !== undefined) this.tap("out", bytes);
    return this.transport?.send(bytes) ?? false;
  }

  /** Something changed: qualities are chosen anew with the next {@linkcode tick}. */
  changed(): void {
    this.#allocatedAt = Number.NEGATIVE_INFINITY;
  }

  /** One packet of the receiver, which came at `at`. */
  receive(bytes: Uint8Array, at: number): void {
    this.tap?.("in", bytes);
    if (!isRtcp(bytes)) return;
    for (const message of readRtcp(bytes)) this.#control(message, at);
  }

  /** What is due at `at`. To be called every 25 ms or so. */
  tick(at: number): void {
    const { transport } = this;
    for (const slot of this.#slots) slot.meter.tick(at);
    if (transport === undefined || !transport.isOpen) return;
    if (at - this.#allocatedAt >= ALLOCATION_PERIOD_MS) {
      this.#allocatedAt = at;
      this.#allocate(at);
    }
    if (at - this.#reportedAt < REPORT_PERIOD_MS) return;
    this.#reportedAt = at;
    for (const slot of this.#slots) {
      const report = slot.senderReport(at);
      if (report === undefined) continue;
      const description = writeSourceDescription(slot.ssrc, this.#options.cnameOf(slot));
      this.send(joinRtcp(report, description));
    }
  }

  /** Ends it. Idempotent. */
  close(): void {
    for (const slot of this.#slots) slot.assign(undefined);
    this.transport?.close();
  }

  #control(message: RtcpMessage, at: number): void {
    switch (message.type) {
      case "receiver-report":
      case "sender-report":
        for (const block of message.reports) this.#reported(block, at);
        return;
      case "nack":
        this.bandwidth.nacked(message.sequenceNumbers.length, at);
        this.#bySsrc.get(message.mediaSsrc)?.resend(
          message.sequenceNumbers,
          at,
          (bytes) => this.#budget.take(bytes, this.bandwidth.estimate, at),
        );
        return;
      case "picture-loss":
        this.#bySsrc.get(message.mediaSsrc)?.requestKeyFrame();
        return;
      case "full-intra-request":
        for (const ssrc of message.ssrcs) this.#bySsrc.get(ssrc)?.requestKeyFrame();
        return;
      case "bitrate-estimate":
        this.bandwidth.receiverEstimate(message.bitrate, at);
        return;
      default: // Of the others nothing follows here.
    }
  }

  #reported(block: ReportBlock, at: number): void {
    const slot = this.#bySsrc.get(block.ssrc);
    if (slot === undefined) return;
    const expected = slot.reported(block, at);
    this.bandwidth.loss(block.fractionLost, expected);
    if (slot.roundTripMs > 0) this.bandwidth.roundTrip(slot.roundTripMs, at);
  }

  /** How each slot wants what it carries of `publication`, for its publisher. */
  wishesFor(publication: Publication, at: number): LayerWish[] {
    return this.#slots.filter((slot) => slot.publication === publication).map((slot) => {
      const { maxHeight, isPaused } = this.#options.wishOf(slot);
      const qualities = publication.qualities(at);
      const index = indexOfChosen(slot, qualities);
      return {
        isPaused,
        maxHeight,
        allocatedHeight: qualities[index]?.height ?? 0,
        // Who waits for a first picture is to get the best that there is.
        isTallest: index < 0 || index === qualities.length - 1,
      };
    });
  }

  /** Chooses the quality of each picture; sound goes whenever it is wanted. */
  #allocate(at: number): void {
    let voices = 0;
    let sent = 0;
    const videos = new Map<string, { slot: Slot; qualities: readonly Quality[] }>();
    const wanted: WantedVideo[] = [];
    for (const slot of this.#slots) {
      const { publication } = slot;
      sent += slot.meter.bitrate;
      if (publication === undefined || !slot.isReady) continue;
      const wish = this.#options.wishOf(slot);
      if (!slot.isVideo) {
        if (this.#listen(slot, publication, wish.isPaused)) voices++;
        continue;
      }
      const { trackId } = publication;
      const qualities = publication.qualities(at);
      const current = indexOfChosen(slot, qualities);
      videos.set(trackId, { slot, qualities });
      wanted.push({
        trackId,
        layers: qualities.map(({ height, bitrate }, index) => ({ index, height, bitrate })),
        ...wish,
        current: current < 0 ? undefined : current,
      });
    }
    const estimate = this.bandwidth.update({ atMs: at, sent, ...this.#allocated });
    const { layers, bitrate, next } = allocate({
      estimate,
      voices,
      videos: wanted,
      isBorne: !this.bandwidth.isBounded,
    });
    this.#allocated = { allocated: bitrate, next };
    for (const [trackId, index] of layers) {
      const { slot, qualities } = videos.get(trackId)!; // What was wanted is in both.
      const quality = index === undefined ? undefined : qualities[index];
      if (quality === undefined) slot.stop();
      else slot.select(quality);
    }
  }

  /** Lets sound through, or not; it may not have begun yet. Returns whether it goes. */
  #listen(slot: Slot, { layers }: Publication, isPaused: boolean): boolean {
    const layer = layers.at(-1);
    if (isPaused || layer === undefined) slot.stop();
    else slot.select({ layer, spatialId: MAX_SPATIAL_LAYERS });
    return !isPaused && layer !== undefined;
  }
}

/** Which of `qualities` the slot has, or will have with the next key frame; -1: none. */
function indexOfChosen(slot: Slot, qualities: readonly Quality[]): number {
  const { chosen } = slot;
  return qualities.findIndex(({ layer, spatialId }) =>
    layer === chosen?.layer && spatialId === chosen.spatialId
  );
}
