/**
 * What waits to be sent. Each connection has an {@linkcode Outbox}; the {@linkcode OutboxSchedule}
 * empties all that were filled in one turn of the event loop when the turn ends, so that a
 * connection costs one write a turn and not one a message (rules CO5, CO6).
 */
import type { Cancel, Clock } from "../base/mod.ts";
import { packFrames, SUBPROTOCOL } from "../protocol/mod.ts";
import type { Socket } from "./socket.ts";

/** How soon a reader who was behind is looked at again. */
const HOLD_MS = 50;

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
  readonly #maxHeldLength: number;
  #encoded: string[] = [];
  /** While the reader is behind: the length that waits, and where the newest of each key stands. */
  #held: { length: number; newest: Map<string, number> } | undefined;
  #dropped = 0;

  /**
   * A queue for `socket`; packed into few frames where the client asked for that. While it is held,
   * `maxHeldLength` characters wait at most.
   */
  constructor(socket: Socket, options: { packer: FramePacker; maxHeldLength: number }) {
    this.#socket = socket;
    this.#packer = socket.protocol === SUBPROTOCOL ? options.packer : undefined;
    this.#maxHeldLength = options.maxHeldLength;
  }

  /** How many messages were dropped because the reader was behind; rule BP2. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Adds an encoded message. A held message of the same `key` is superseded (rule BP3). Returns
   * whether it is the first since the last flush.
   */
  push(encoded: string, key: string | undefined): boolean {
    if (this.#dropped > 0) {
      this.#dropped++;
      return false;
    }
    if (this.#held !== undefined) this.#weigh(this.#held, encoded, key);
    return this.#dropped === 0 && this.#encoded.push(encoded) === 1;
  }

  /** The reader is behind: what comes now waits, bounded. */
  hold(): void {
    if (this.#held !== undefined) return;
    const length = this.#encoded.reduce((sum, { length }) => sum + length, 0);
    this.#held = { length, newest: new Map() };
  }

  /** The reader keeps up again. Returns how many messages it will never see. */
  release(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    this.#held = undefined;
    return dropped;
  }

  /** Hands everything to the socket. */
  flush(): void {
    const encoded = this.#held === undefined ? this.#encoded : this.#encoded.filter(isKept);
    if (encoded.length === 0) return;
    this.#encoded = [];
    const frames = this.#packer?.pack(encoded) ?? encoded;
    if (frames.length === 1) this.#socket.send(frames[0]!);
    else this.#socket.sendAll(frames);
  }

  #weigh(
    held: { length: number; newest: Map<string, number> },
    encoded: string,
    key: string | undefined,
  ): void {
    held.length += encoded.length;
    if (key !== undefined) {
      const superseded = held.newest.get(key);
      if (superseded !== undefined) {
        held.length -= this.#encoded[superseded]!.length;
        this.#encoded[superseded] = "";
      }
      held.newest.set(key, this.#encoded.length);
    }
    if (held.length <= this.#maxHeldLength) return;
    this.#dropped = this.#encoded.filter(isKept).length + 1;
    this.#encoded = [];
    held.newest.clear();
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
  readonly #held = new Set<Flushable>();
  #cancelHold: Cancel | undefined;

  /** `afterFlush` is called when all that waited in a turn is with the sockets. */
  constructor(clock: Clock, afterFlush: () => void) {
    this.#clock = clock;
    this.#afterFlush = afterFlush;
  }

  /** Has `filled` flushed at the end of this turn. */
  add(filled: Flushable): void {
    if (this.#filled.push(filled) === 1) this.#clock.afterTurn(() => this.#flush());
  }

  /** Has `held` flushed again in a moment: its reader is behind. */
  hold(held: Flushable): void {
    this.#held.add(held);
    this.#cancelHold ??= this.#clock.after(HOLD_MS, () => {
      this.#cancelHold = undefined;
      const again = [...this.#held];
      this.#held.clear();
      for (const one of again) one.flush();
    });
  }

  /** Flushes nothing any more. */
  close(): void {
    this.#held.clear();
    this.#cancelHold?.();
    this.#cancelHold = undefined;
  }

  #flush(): void {
    const filled = this.#filled;
    this.#filled = [];
    for (const one of filled) one.flush();
    this.#afterFlush();
  }
}

/** A superseded message leaves an empty text where it stood. */
function isKept(encoded: string): boolean {
  return encoded !== "";
}

/** Whether two lists hold the same strings; those of one broadcast are one string, quick to compare. */
function isSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let n = some.length - 1; n >= 0; n--) if (some[n] !== others[n]) return false;
  return true;
}
