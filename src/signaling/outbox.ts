/**
 * What waits to be sent. Each connection has an {@linkcode Outbox}; the {@linkcode OutboxSchedule}
 * empties all that were filled in one turn of the event loop when the turn ends, so that a
 * connection costs one write a turn and not one a message (rules CO5, CO6).
 */
import type { Clock } from "../base/mod.ts";
import { packFrames, SUBPROTOCOL } from "../protocol/mod.ts";
import type { Socket } from "./socket.ts";

/** The queue of one connection, in the order in which things came about. */
export class Outbox {
  readonly #socket: Socket;
  readonly #isPacked: boolean;
  #encoded: string[] = [];

  /** A queue for `socket`; packed into few frames where the client asked for that. */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.#isPacked = socket.protocol === SUBPROTOCOL;
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
    const frames = this.#isPacked ? packFrames(encoded) : encoded;
    for (const frame of frames) this.#socket.send(frame);
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
