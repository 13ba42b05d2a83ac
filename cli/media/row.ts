/**
 * A row of packets that a server numbers without a break, of one publication to one receiver: it may
 * add a constant to each number, and nothing else. A pause, another quality or another m-line begins
 * another row, and a row of pictures begins with a key frame.
 */
import { type Arrival, Arrivals } from "./arrivals.ts";
import type { ReceivedPacket } from "./received_packet.ts";

const PICTURE_ID_MASK = 0x7fff;
const TL0_MASK = 0xff;

/** One row. */
export class Row {
  readonly arrivals: Arrivals;
  /** When it was to end, by the run's clock: what was sent just before need not be repeated. */
  endedAt: number = Infinity;
  readonly #numberOffset: number;
  readonly #timestampOffset: number;
  readonly #pictureOffset: number;
  readonly #tl0Offset: number;

  /** Begins with `packet`, whose sequence number on the wire is `number`. */
  constructor(packet: ReceivedPacket, number: number) {
    const { payload, rtp, descriptor } = packet;
    this.arrivals = new Arrivals(payload.ordinal);
    this.#numberOffset = number - payload.ordinal;
    this.#timestampOffset = rtp.timestamp - payload.timestamp | 0;
    this.#pictureOffset = descriptor.pictureId - payload.frame & PICTURE_ID_MASK;
    this.#tl0Offset = descriptor.tl0PicIdx - payload.frame & TL0_MASK;
  }

  /** Whether a packet with the sequence number `number` has its place in the row. */
  holds({ payload }: ReceivedPacket, number: number): boolean {
    return number - payload.ordinal === this.#numberOffset &&
      payload.ordinal >= this.arrivals.first;
  }

  /**
   * Whether a packet with a place in the row begins another one: a server that stopped, and went on
   * with the very next packet, has chosen the other numbers anew.
   */
  isBegunAnewBy(packet: ReceivedPacket): boolean {
    const { payload, isVideo } = packet;
    return isVideo && payload.isKeyFrame && payload.isFrameStart &&
      payload.ordinal > this.arrivals.highest && this.fault(packet) !== undefined;
  }

  /** Takes a packet of the row that came at `at`. */
  take({ payload }: ReceivedPacket, at: number): Arrival {
    return this.arrivals.take(payload.ordinal, at);
  }

  /** What is wrong with the other numbers of a packet of the row, or undefined. */
  fault({ payload, rtp, descriptor, isVideo }: ReceivedPacket): RowFault | undefined {
    const timestamp = payload.timestamp + this.#timestampOffset >>> 0;
    if (rtp.timestamp !== timestamp) {
      return { what: "timestamp", expected: timestamp, seen: rtp.timestamp };
    }
    const isMarked = payload.isFrameEnd;
    if (rtp.marker !== isMarked) {
      return { what: "marker", expected: Number(isMarked), seen: Number(rtp.marker) };
    }
    if (!isVideo) return undefined;
    const pictureId = payload.frame + this.#pictureOffset & PICTURE_ID_MASK;
    if (descriptor.pictureId !== pictureId) {
      return { what: "picture id", expected: pictureId, seen: descriptor.pictureId };
    }
    const tl0PicIdx = payload.frame + this.#tl0Offset & TL0_MASK;
    if (descriptor.tl0PicIdx === tl0PicIdx) return undefined;
    return { what: "index of layer 0", expected: tl0PicIdx, seen: descriptor.tl0PicIdx };
  }
}

/** A number of a packet that is not what the row makes it. */
export type RowFault = { readonly what: string; readonly expected: number; readonly seen: number };
