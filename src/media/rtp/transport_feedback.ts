/**
 * Tells a publisher when each of its packets arrived, so that it can estimate what the path takes
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01). One for each publishing transport: it is told
 * of every packet, and builds a message some twenty times a second.
 */
import { writeUint16, writeUint24, writeUint32 } from "./bytes.ts";
import { PACKET_TYPES, TRANSPORT_FORMATS } from "./rtcp_packet.ts";
import { seqDelta } from "./sequence.ts";
import {
  LARGE_DELTA,
  maxChunkBytes,
  MISSING,
  SMALL_DELTA,
  writeStatusChunks,
} from "./status_chunks.ts";

/**
 * Packets that are remembered: 60 Mbit/s of packets of 1,200 bytes for a third of a second, six times
 * as long as between two messages.
 */
const CAPACITY = 2_048;
/** With the headers of the transport a message stays below the MTU of any path. */
const MAX_MESSAGE_BYTES = 1_100;
const HEADER_BYTES = 20;
const TICKS_PER_MS = 4;
const TICKS_PER_REFERENCE = 256;
const MAX_SMALL_DELTA = 255;
const MAX_LARGE_DELTA = 32_767;

/** The arrivals of one transport. */
export class TransportFeedback {
  /** When each arrived, milliseconds; NaN: it has not. By the number modulo the capacity. */
  readonly #arrivals = new Float64Array(CAPACITY).fill(NaN);
  /** Numbers that do not wrap; -1: none came yet. */
  #highest = -1;
  /** The first one that the next message tells of. */
  #next = 0;
  #feedbackCount = 0;
  readonly #symbols = new Uint8Array(CAPACITY);
  readonly #deltas = new Uint8Array(MAX_MESSAGE_BYTES);
  readonly #message = new Uint8Array(MAX_MESSAGE_BYTES + 3);

  /**
   * The packet with the 16-bit number arrived at `atMs` of a clock that only goes on. Allocates
   * nothing. What is too late to be told of is passed over.
   */
  received(sequenceNumber: number, atMs: number): void {
    if (this.#highest < 0) {
      // So far above 0 that no late packet goes below it.
      this.#highest = 2 ** 16 + sequenceNumber;
      this.#next = this.#highest;
    }
    const number = this.#highest + seqDelta(sequenceNumber, this.#highest & 0xffff);
    if (number <= this.#highest - CAPACITY) return;
    if (number > this.#highest) this.#advanceTo(number);
    if (!Number.isNaN(this.#arrivalOf(number))) return;
    this.#arrivals[number % CAPACITY] = atMs;
    // It was told of as missing: tell again, also of what followed it.
    if (number < this.#next) this.#next = number;
  }

  /**
   * The next message, as an RTCP packet; `undefined`: nothing is new. A message that would be too
   * long ends early, so call it until there is none.
   */
  build(senderSsrc: number, mediaSsrc: number): Uint8Array | undefined {
    if (this.#highest < this.#next) return undefined;
    const message = this.#message;
    const base = this.#next;
    const { count, deltaBytes, reference } = this.#collect(base);
    const chunksEnd = writeStatusChunks(message, HEADER_BYTES, { symbols: this.#symbols, count });
    message.set(this.#deltas.subarray(0, deltaBytes), chunksEnd);
    const length = Math.ceil((chunksEnd + deltaBytes) / 4) * 4;
    message.fill(0, chunksEnd + deltaBytes, length);
    message[0] = 0x80 | TRANSPORT_FORMATS.transportWide;
    message[1] = PACKET_TYPES.transportFeedback;
    writeUint16(message, 2, length / 4 - 1);
    writeUint32(message, 4, senderSsrc);
    writeUint32(message, 8, mediaSsrc);
    writeUint16(message, 12, base);
    writeUint16(message, 14, count);
    writeUint24(message, 16, reference);
    message[19] = this.#feedbackCount;
    this.#feedbackCount = this.#feedbackCount + 1 & 0xff;
    this.#next = base + count;
    return message.slice(0, length);
  }

  /** Fills symbols and deltas from `base` on, as far as one message goes. */
  #collect(base: number): { count: number; deltaBytes: number; reference: number } {
    let count = 0;
    let deltaBytes = 0;
    let reference = 0;
    let lastTick = NaN;
    for (let number = base; number <= this.#highest; number++) {
      const atMs = this.#arrivalOf(number);
      let symbol = MISSING;
      if (!Number.isNaN(atMs)) {
        const tick = Math.round(atMs * TICKS_PER_MS);
        if (Number.isNaN(lastTick)) {
          reference = Math.floor(tick / TICKS_PER_REFERENCE);
          lastTick = reference * TICKS_PER_REFERENCE;
        }
        const delta = tick - lastTick;
        // Too long after the one before: the next message has a reference of its own.
        if (Math.abs(delta) > MAX_LARGE_DELTA) break;
        symbol = delta >= 0 && delta <= MAX_SMALL_DELTA ? SMALL_DELTA : LARGE_DELTA;
        if (symbol === LARGE_DELTA) writeUint16(this.#deltas, deltaBytes, delta);
        else this.#deltas[deltaBytes] = delta;
        lastTick = tick;
      }
      const bytes = HEADER_BYTES + maxChunkBytes(count + 1) + deltaBytes + symbol;
      if (bytes > MAX_MESSAGE_BYTES) break;
      this.#symbols[count++] = symbol;
      deltaBytes += symbol;
    }
    return { count, deltaBytes, reference };
  }

  /** Forgets what is too long ago once `number` is the highest. */
  #advanceTo(number: number): void {
    const forgotten = Math.min(number - this.#highest, CAPACITY);
    for (let ahead = 0; ahead < forgotten; ahead++) {
      this.#arrivals[(number - ahead) % CAPACITY] = NaN;
    }
    this.#highest = number;
    this.#next = Math.max(this.#next, number - CAPACITY + 1);
  }

  #arrivalOf(number: number): number {
    return this.#arrivals[number % CAPACITY] ?? NaN;
  }
}
