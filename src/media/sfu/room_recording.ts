/**
 * A recording as a receiver of the room: each track has a slot that gets the best quality there is,
 * and what the slot would send is handed to the recorder. So the layers of a simulcast are one stream
 * to it, like to everybody else.
 */
import { SUBSCRIBER_EXTENSION_IDS } from "../rtp/extensions.ts";
import { RtpPacket } from "../rtp/packet.ts";
import type { Lane, RoomRecorder } from "../record/room_recorder.ts";
import { createSsrc } from "./credentials.ts";
import { MAX_SPATIAL_LAYERS } from "./layer.ts";
import type { Publication } from "./publication.ts";
import { Slot, type SlotOutput } from "./slot.ts";
import type { LayerWish } from "./wanted_layers.ts";

/** Qualities are chosen, and the recorder hears of the publishers' clocks, this often. */
const PERIOD_MS = 500;

/** A track that is recorded. */
type RecordedSlot = { readonly slot: Slot; readonly lane: Lane };

/** What is recorded of a room, from its begin to its end. */
export class RoomRecording {
  readonly recorder: RoomRecorder;
  readonly #elapsed: () => number;
  readonly #slots = new Map<Publication, RecordedSlot>();
  readonly #ssrcs = new Set<number>();
  #chosenAt = Number.NEGATIVE_INFINITY;

  /** Records nothing before {@linkcode follow}; `elapsed` is the clock of the recorder. */
  constructor(recorder: RoomRecorder, elapsed: () => number) {
    this.recorder = recorder;
    this.#elapsed = elapsed;
  }

  /** What is published now. */
  follow(publications: readonly Publication[]): void {
    for (const [publication, { slot, lane }] of this.#slots) {
      if (publications.includes(publication)) continue;
      this.#slots.delete(publication);
      slot.assign(undefined);
      this.recorder.end(lane);
    }
    for (const publication of publications) {
      if (!this.#slots.has(publication)) this.#begin(publication);
    }
    this.#chosenAt = Number.NEGATIVE_INFINITY;
  }

  /** What is due at `at`. */
  tick(at: number): void {
    if (at - this.#chosenAt < PERIOD_MS) return;
    this.#chosenAt = at;
    for (const [publication, { slot, lane }] of this.#slots) {
      const layer = publication.layers.at(-1);
      const best = publication.qualities(at).at(-1) ??
        (layer && { layer, spatialId: MAX_SPATIAL_LAYERS });
      if (best !== undefined) slot.select(best);
      const times = slot.timesAt(at);
      if (times !== undefined) this.recorder.senderReport(lane, { ssrc: slot.ssrc, ...times });
    }
  }

  /** It wants the best of each picture. */
  wishesFor(publication: Publication): LayerWish[] {
    if (!this.#slots.has(publication)) return [];
    return [{ isPaused: false, allocatedHeight: 0, isTallest: true }];
  }

  /** Takes its slots back; the recorder is ended by whoever made it. Idempotent. */
  close(): void {
    for (const { slot } of this.#slots.values()) slot.assign(undefined);
    this.#slots.clear();
  }

  #begin(publication: Publication): void {
    const { userId, view: track, codec, isVideo } = publication;
    const ssrc = createSsrc(this.#ssrcs);
    const output = new RecordedOutput(this.recorder, this.#elapsed);
    const slot: Slot = new Slot({ mid: "r", isVideo, ssrc, rtxSsrc: 0, output });
    const lane = this.recorder.begin({
      userId,
      track,
      codec,
      videoOrientationId: SUBSCRIBER_EXTENSION_IDS.videoOrientation,
      requestKeyFrame: () => slot.requestKeyFrame(),
    });
    if (lane === undefined) return;
    output.lane = lane;
    slot.isReady = true;
    slot.assign(publication);
    this.#slots.set(publication, { slot, lane });
  }
}

/** Hands what a slot would send to the recorder. */
class RecordedOutput implements SlotOutput {
  /** Where it goes; set before anything is sent. */
  lane: Lane | undefined;
  readonly #recorder: RoomRecorder;
  readonly #elapsed: () => number;
  readonly #packet = new RtpPacket();

  constructor(recorder: RoomRecorder, elapsed: () => number) {
    this.#recorder = recorder;
    this.#elapsed = elapsed;
  }

  send(bytes: Uint8Array): boolean {
    if (this.lane === undefined || !this.#packet.read(bytes)) return false;
    this.#recorder.packet(this.lane, this.#packet, this.#elapsed());
    return true;
  }
}
