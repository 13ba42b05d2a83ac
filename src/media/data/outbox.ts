/**
 * What waits for one participant's transport: frames in their order, and before them the credit that
 * others have for it, summed up so that it takes no room. It has no bound of its own: fragments are
 * bounded by credit, everything else by the number of streams.
 */
import { encodeDataFrame } from "../../protocol/mod.ts";
import type { Flow } from "./flow.ts";

/** A frame that waits. */
export type Waiting = {
  readonly bytes: Uint8Array;
  /** The direction that it is a fragment of; left out: it is none. */
  readonly flow?: Flow;
  /** What it takes of the credit. */
  readonly cost?: number;
  /** The transport has taken it. */
  readonly taken?: () => void;
};

/** Frames that are taken from behind before the list is made anew. */
const COMPACT_AT = 64;

/** The queue of one end. */
export class Outbox {
  #waiting: Waiting[] = [];
  /** Where the first one is. */
  #first = 0;
  readonly #owing = new Set<Flow>();

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#first === this.#waiting.length && this.#owing.size === 0;
  }

  /** Puts a frame behind the others. */
  push(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  /** The sender of `flow` is to be told what it is owed. */
  owe(flow: Flow): void {
    this.#owing.add(flow);
  }

  /** Hands the next frame to `send`; `false`: there is none, or it was not taken. */
  sendNext(send: (bytes: Uint8Array) => boolean): boolean {
    for (const flow of this.#owing) return this.#sendCredit(flow, send);
    const next = this.#waiting[this.#first];
    if (next === undefined || !send(next.bytes)) return false;
    if (this.#waiting[this.#first] !== next) return false; // All was cleared meanwhile.
    this.#first++;
    if (this.#first >= COMPACT_AT && this.#first * 2 >= this.#waiting.length) this.#compact();
    if (next.flow !== undefined) next.flow.queued -= next.cost ?? 0;
    next.taken?.();
    return true;
  }

  /** The sender of `flow` needs no credit any more. */
  forgive(flow: Flow): void {
    this.#owing.delete(flow);
  }

  /** Throws fragments away, all or those of `only`; what streams are told otherwise stays. */
  dropFragments(only?: Flow): void {
    this.#compact();
    this.#waiting = this.#waiting.filter(({ flow, cost = 0 }) => {
      if (flow === undefined || (only !== undefined && flow !== only)) return true;
      flow.queued -= cost;
      return false;
    });
  }

  /** Throws everything away. */
  clear(): void {
    this.#waiting = [];
    this.#first = 0;
    this.#owing.clear();
  }

  #sendCredit(flow: Flow, send: (bytes: Uint8Array) => boolean): boolean {
    const { stream, sender, owed: credit } = flow;
    const frame = stream.frameTo(sender, { type: "credit", credit });
    if (!send(encodeDataFrame(frame))) return false;
    flow.owed = 0;
    this.#owing.delete(flow);
    return true;
  }

  #compact(): void {
    this.#waiting = this.#waiting.slice(this.#first);
    this.#first = 0;
  }
}
