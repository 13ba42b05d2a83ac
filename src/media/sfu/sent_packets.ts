/** What a slot has sent, by its own numbers, for a receiver that asks again. Adding allocates nothing. */
import type { SourcePacket } from "./source_packet.ts";

/** As many as the histories of the sources hold: what is gone there is of no use here. */
const SIZE = 512;
/** The same packet is not sent again sooner, however often it is asked for. */
const MIN_AGAIN_MS = 25;

/** A packet as a slot sent it. */
export type SentPacket = {
  readonly sequenceNumber: number;
  readonly timestamp: number;
  /** -1: without. */
  readonly pictureId: number;
  readonly tl0PicIdx: number;
  readonly isMarked: boolean;
  /** Of its codec; the slot may carry another one since. */
  readonly rtxPayloadType: number;
  /** The packet of the source; its place may have been taken by a later one. */
  readonly packet: SourcePacket;
};

/** The last packets of one slot. */
export class SentPackets {
  readonly #numbers = new Int32Array(SIZE).fill(-1);
  readonly #sourceNumbers = new Uint16Array(SIZE);
  /** By the place that {@linkcode place} gives, to be filled in by the sender. */
  readonly timestamps = new Uint32Array(SIZE);
  readonly pictureIds = new Int32Array(SIZE);
  readonly tl0PicIdxs = new Int16Array(SIZE);
  readonly marks = new Uint8Array(SIZE);
  readonly rtxPayloadTypes = new Uint8Array(SIZE);
  readonly #againAt = new Float64Array(SIZE);
  readonly #packets: (SourcePacket | undefined)[] = new Array(SIZE).fill(undefined);

  /** Makes room for a packet that is sent now; the rest of what there is to know goes to that place. */
  place(sequenceNumber: number, packet: SourcePacket): number {
    const place = sequenceNumber % SIZE;
    this.#numbers[place] = sequenceNumber;
    this.#sourceNumbers[place] = packet.sequenceNumber;
    this.#againAt[place] = 0;
    this.#packets[place] = packet;
    return place;
  }

  /** The packet to send again at `at`; undefined: it is gone, or was sent again just now. */
  find(sequenceNumber: number, at: number): SentPacket | undefined {
    const place = sequenceNumber % SIZE;
    const packet = this.#packets[place];
    if (packet === undefined || this.#numbers[place] !== sequenceNumber) return undefined;
    if (packet.sequenceNumber !== this.#sourceNumbers[place]) return undefined;
    if (at < this.#againAt[place]!) return undefined;
    this.#againAt[place] = at + MIN_AGAIN_MS;
    return {
      sequenceNumber,
      timestamp: this.timestamps[place]!,
      pictureId: this.pictureIds[place]!,
      tl0PicIdx: this.tl0PicIdxs[place]!,
      isMarked: this.marks[place] === 1,
      rtxPayloadType: this.rtxPayloadTypes[place]!,
      packet,
    };
  }
}
