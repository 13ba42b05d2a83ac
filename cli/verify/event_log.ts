/**
 * What one member saw, as whole numbers: 4 bytes an event, so that a thousand members with some
 * thousand events each fit in memory. {@linkcode RoomHistory} keeps one a stay, the recorder appends
 * to it, the merge reads it.
 *
 * A code holds what happened (a join, a departure, a chat), whose (the index of the stay or of the
 * chat in its room) and, for a departure, the reason that the message gave.
 */
import { LEAVE_REASONS } from "../../src/protocol/mod.ts";

/** What happened. */
export const EventKind = { join: 0, left: 1, chat: 2 } as const;
/** One of {@linkcode EventKind}. */
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

/** The reasons in the order of their numbers; 0 stands for none. */
const REASONS: readonly string[] = ["", ...LEAVE_REASONS];
/** The largest number that fits: more reasons than that the wire will not get. */
const UNKNOWN_REASON = 15;
const REASON_BITS = 4;
const KIND_BITS = 2;
const FIRST_CAPACITY = 8;

/** The event without its reason: equal for all who saw the same thing. */
export function eventOf(kind: EventKind, index: number): number {
  return (index << KIND_BITS) | kind;
}

/** What kind of event `event` is. */
export function kindOf(event: number): EventKind {
  return (event & 3) as EventKind; // Two bits that only eventOf writes.
}

/** The stay or the chat that `event` is about. */
export function indexOf(event: number): number {
  return event >> KIND_BITS;
}

/** The number of a reason, whatever the wire held. */
export function reasonNumber(reason: unknown): number {
  const number = typeof reason === "string" ? REASONS.indexOf(reason) : -1;
  return number <= 0 ? UNKNOWN_REASON : number;
}

/** The word of a reason's number. */
export function reasonWord(number: number): string {
  return REASONS[number] ?? "(no reason known to the wire)";
}

/** Events in the order in which they arrived. */
export class EventLog {
  #codes = new Int32Array(FIRST_CAPACITY);
  #length = 0;

  /** How many events there are. */
  get length(): number {
    return this.#length;
  }

  /** Appends an event; `reason` is a {@linkcode reasonNumber}, 0 for none. */
  push(event: number, reason = 0): void {
    if (this.#length === this.#codes.length) {
      const larger = new Int32Array(this.#codes.length * 2);
      larger.set(this.#codes);
      this.#codes = larger;
    }
    this.#codes[this.#length++] = (event << REASON_BITS) | reason;
  }

  /** The event at `position`, or -1 beyond the end. */
  eventAt(position: number): number {
    return position < this.#length ? this.#codes[position]! >> REASON_BITS : -1;
  }

  /** The reason's number at `position`; 0 when the event carries none. */
  reasonAt(position: number): number {
    return position < this.#length ? this.#codes[position]! & ((1 << REASON_BITS) - 1) : 0;
  }

  /** Whether `event` comes at `from` or later. */
  includes(event: number, from: number): boolean {
    for (let position = from; position < this.#length; position++) {
      if (this.#codes[position]! >> REASON_BITS === event) return true;
    }
    return false;
  }
}
