/**
 * What waits to be sent. Each connection has an {@linkcode Outbox}; the {@linkcode OutboxSchedule}
 * empties all that were filled in one turn of the event loop when the turn ends, so that a
 * connection costs one write a turn and not one a message (rules CO5, CO6).
 */
import type { Clock } from "../base/mod.ts";
import { packFrames, SUBPROTOCOL } from "../protocol/mod.ts";
import type { Socket } from "./socket.ts";

/**
 * Packs what several connections are sent. The members of a room mostly hear the same in a turn, so
 * the last frames are kept for the next one who hears exactly that. The hub owns one.
 */
export class FramePacker {
  #encoded: readonly string[] = [];
  #frames: readonly string[] = [];

  /** The frames for these messages. */
  pack(encoded: readonly string[]): readonly string[] {
    if (isSame(encoded, this.#encoded)) return this.#frames;
    this.#encoded = encoded;
    this.#frames = packFrames(encoded);
    return this.#frames;
  }

  /** Keeps nothing beyond a turn. */
  forget(): void {
    this.#encoded = [];
    this.#frames = [];
  }
}

/** The queue of one connection, in the order in which things came about. */
export class Outbox {
  readonly #socket: Socket;
  readonly #packer: FramePacker | undefined;
  #encoded: string[] = [];

  /** A queue for `socket`; packed into few frames where the client asked for that. */
  constructor(socket: Socket, packer: FramePacker) {
    this.#socket = socket;
    this.#packer = socket.protocol === SUBPROTOCOL ? packer : undefined;
  }

  /** Bytes that the peer has not taken yet, without what waits for the end of the turn. */
  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  /** Adds an encoded message. Returns whether it is the first since the last flush. */
  push(encoded: string): boolean {
    return this.#encoded.push(encoded) === 1;
  }

  /** Hands everything to the socket. */
  flush(): void {
    const encoded = this.#encoded;
    if (encoded.length === 0) return;
    this.#encoded = [];
    const frames = this.#packer?.pack(encoded) ?? encoded;
    if (frames.length === 1) this.#socket.send(frames[0]!);
    else this.#socket.sendAll(frames);
  }
}

/** Something to be flushed when the turn ends. */
export interface Flushable {
  /** Empties the outbox and looks after the reader. */
  flush(): void;
}

/** Flushes at the end of the turn, each once. The hub owns one. */
export class OutboxSchedule {
  readonly #clock: Clock;
  readonly #afterFlush: () => void;
  #filled: Flushable[] = [];

  /** `afterFlush` is called when all that waited in a turn is with the sockets. */
  constructor(clock: Clock, afterFlush: () => void) {
    this.#clock = clock;
    this.#afterFlush = afterFlush;
  }

  /** Has `filled` flushed at the end of this turn. */
  add(filled: Flushable): void {
    if (this.#filled.push(filled) === 1) this.#clock.afterTurn(() => this.#flush());
  }

  #flush(): void {
    const filled = this.#filled;
    this.#filled = [];
    for (const one of filled) one.flush();
    this.#afterFlush();
  }
}

/** Whether two lists hold the same strings; those of one broadcast are one string, quick to compare. */
function isSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let n = some.length - 1; n >= 0; n--) if (some[n] !== others[n]) return false;
  return true;
}
