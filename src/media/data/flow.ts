/**
 * One direction of a stream, as the relay keeps account of it: what its sender may still send, what
 * waits for its receiver, and what the receiver allows beyond that. `data_end.ts` moves the numbers.
 */
import {
  FRAGMENT_COST_BYTES,
  MAX_FRAGMENT_BYTES,
  MAX_STREAMS,
  STREAM_WINDOW_BYTES,
} from "../../protocol/mod.ts";
import type { DataEnd } from "./data_end.ts";
import type { DataStream } from "./data_stream.ts";

/** What is kept for one receiver at most, in its transport and before it (rule DC4). */
export const MAX_BUFFERED_BYTES = 1024 * 1024;
/** What may be in the transport: enough to keep the path busy until it asks for more. */
export const MAX_TRANSPORT_BYTES = 256 * 1024;
/** What each stream can always send; 32 of them, and the transport, leave a quarter to share. */
export const BASE_BYTES = MAX_FRAGMENT_BYTES + FRAGMENT_COST_BYTES;
const SHARED_BYTES = MAX_BUFFERED_BYTES - MAX_TRANSPORT_BYTES - MAX_STREAMS * BASE_BYTES;
/** Less than this is not worth telling while the sender can go on, or while there is more to come. */
const LEAST_GRANT_BYTES = 64 * 1024;
const LEAST_NEEDED_BYTES = 8 * 1024;
/** Beyond any use; only keeps numbers exact, whatever a receiver claims. */
const MOST_HELD_BYTES = 2 ** 40;

/** One direction of a stream. */
export class Flow {
  /** What it is a direction of. */
  readonly stream: DataStream;
  /** Who may send. */
  readonly sender: DataEnd;
  /** Who gets it, and allows it. */
  readonly receiver: DataEnd;
  /** What the sender was given and has not used. */
  granted = 0;
  /** What it sent and the receiver's transport has not taken yet. */
  queued = 0;
  /** What the sender is still to be told of `granted`. */
  owed = 0;
  /** Bytes of the message that is under way. */
  messageBytes = 0;
  /** What the receiver allows and the sender was not given yet. */
  #held = 0;
  /** Whether anything was sent: who sends nothing needs no share of what all have. */
  #isUsed = false;

  /** A direction in which nothing may be sent yet. */
  constructor(stream: DataStream, sender: DataEnd, receiver: DataEnd) {
    this.stream = stream;
    this.sender = sender;
    this.receiver = receiver;
  }

  /** What it takes of the room that all streams to its receiver share. */
  get sharedBytes(): number {
    return Math.max(0, this.granted + this.queued - BASE_BYTES);
  }

  /** Nothing is sent any more. */
  end(): void {
    this.granted = this.owed = 0;
  }

  /** The receiver allows so many bytes more. */
  allow(bytes: number): void {
    this.#held = Math.min(MOST_HELD_BYTES, this.#held + bytes);
  }

  /** The sender uses so many bytes; `false`: it was not given as many. */
  use(bytes: number): boolean {
    if (bytes > this.granted) return false;
    this.granted -= bytes;
    this.queued += bytes;
    this.#isUsed = true;
    return true;
  }

  /**
   * Gives the sender what there is room for, where `sharedBytes` are taken by all streams to the
   * receiver; returns how much that is.
   */
  grant(sharedBytes: number): number {
    if (this.stream.isEnded) return 0;
    const taken = this.granted + this.queued;
    const shared = this.#isUsed ? Math.max(0, SHARED_BYTES - sharedBytes) : 0;
    const room = Math.min(Math.max(0, BASE_BYTES - taken) + shared, STREAM_WINDOW_BYTES - taken);
    const bytes = Math.min(this.#held, room);
    if (bytes <= 0 || !this.#isWorthTelling(bytes)) return 0;
    this.#held -= bytes;
    this.granted += bytes;
    return bytes;
  }

  /** While something waits, all is asked again when it has gone. */
  #isWorthTelling(bytes: number): boolean {
    if (this.granted >= BASE_BYTES) return bytes >= LEAST_GRANT_BYTES;
    return bytes >= LEAST_NEEDED_BYTES || this.queued === 0;
  }
}
