/**
 * From the sequence numbers of a source to those of a slot: one after the other without a gap, though
 * the source changes and some of its packets are left out. A packet that comes late gets the number
 * that was kept for it.
 */
import { seqDelta } from "../rtp/sequence.ts";

/** Left-out packets that are remembered: those of a second of a stream with three spatial layers. */
const MAX_DROPPED = 512;
/** A packet that is later than this has its place no more. */
const MAX_LATE = 1_000;

/** The numbers of one slot. */
export class SequenceMap {
  #offset = 0;
  #first = 0;
  #highest = 0;
  #last: number;
  #isStarted = false;
  /** A ring of the source's numbers that were left out, newest behind `#droppedCount`. */
  readonly #dropped = new Uint16Array(MAX_DROPPED);
  #droppedCount = 0;

  /** The first packet gets the number after `last`. */
  constructor(last: number) {
    this.#last = last;
  }

  /** The highest number given out. */
  get last(): number {
    return this.#last;
  }

  /** Another source begins with `sequenceNumber`; it gets the next number. */
  restart(sequenceNumber: number): void {
    this.#offset = (this.#last + 1 - sequenceNumber) & 0xffff;
    this.#first = sequenceNumber;
    this.#highest = (sequenceNumber - 1) & 0xffff;
    this.#droppedCount = 0;
    this.#isStarted = true;
  }

  /** The number for a packet of the source; -1: it is from before the source began, or too late. */
  map(sequenceNumber: number): number {
    if (!this.#isStarted) return -1;
    const ahead = seqDelta(sequenceNumber, this.#highest);
    if (ahead > 0) {
      this.#advance(sequenceNumber);
      return this.#last = (sequenceNumber + this.#offset) & 0xffff;
    }
    if (ahead < -MAX_LATE || seqDelta(sequenceNumber, this.#first) < 0) return -1;
    return (sequenceNumber + this.#offset + this.#droppedSince(sequenceNumber)) & 0xffff;
  }

  /** A packet of the source is left out: the next one takes its number. */
  drop(sequenceNumber: number): void {
    if (!this.#isStarted || seqDelta(sequenceNumber, this.#highest) <= 0) return;
    this.#advance(sequenceNumber);
    this.#dropped[this.#droppedCount++ % MAX_DROPPED] = sequenceNumber;
    this.#offset = (this.#offset - 1) & 0xffff;
  }

  #advance(sequenceNumber: number): void {
    this.#highest = sequenceNumber;
    // The start must not come to lie ahead when the numbers have gone round.
    if (seqDelta(sequenceNumber, this.#first) > 2 * MAX_LATE) {
      this.#first = (sequenceNumber - MAX_LATE) & 0xffff;
    }
  }

  /** How many were left out behind `sequenceNumber`. */
  #droppedSince(sequenceNumber: number): number {
    const kept = Math.min(this.#droppedCount, MAX_DROPPED);
    let count = 0;
    for (let n = 1; n <= kept; n++) {
      const dropped = this.#dropped[(this.#droppedCount - n) % MAX_DROPPED]!;
      if (seqDelta(dropped, sequenceNumber) <= 0) break;
      count++;
    }
    return count;
  }
}
