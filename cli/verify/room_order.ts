/**
 * The one order of a room, as far as the judge has come: which events it has had, who is present
 * after them. Checks what depends on the order alone: the roster in `joined` (JO2), a sender's chat
 * (OR3), the message ids (CH3). Only `verifyRoom` makes one.
 */
import type { Disagreement } from "./disagreement.ts";
import { EventKind, eventOf, indexOf, kindOf } from "./event_log.ts";
import type { Chat, RoomHistory, Stay } from "./room_history.ts";

/** The events so far. */
export class RoomOrder {
  /** Where the order reports what contradicts it. */
  readonly disagreement: Disagreement;
  readonly #room: RoomHistory;
  readonly #past: readonly Uint8Array[];
  readonly #everLeftInAView: Uint8Array;
  readonly #lastChatOf = new Map<number, number>();
  readonly #messageIds = new Set<string>();
  #lastMessageNumber = -1;
  #present: number[] = [];

  constructor(room: RoomHistory, disagreement: Disagreement) {
    this.#room = room;
    this.disagreement = disagreement;
    const { stays, chats } = room;
    this.#past = [
      new Uint8Array(stays.length),
      new Uint8Array(stays.length),
      new Uint8Array(chats.length),
    ];
    this.#everLeftInAView = departuresInViews(stays);
  }

  /** Whether the order has had `event`. */
  has(event: number): boolean {
    return this.#past[kindOf(event)]![indexOf(event)] === 1;
  }

  /** Whether `event` cannot have happened: a departure of somebody who stays, a refused chat. */
  isImpossible(event: number): boolean {
    const kind = kindOf(event);
    if (kind === EventKind.left) return this.#room.stays[indexOf(event)]!.ending === "open";
    return kind === EventKind.chat && this.#room.chats[indexOf(event)]!.isRefused;
  }

  /** `event` is what comes next. */
  take(event: number): void {
    const index = indexOf(event);
    this.#past[kindOf(event)]![index] = 1;
    switch (kindOf(event)) {
      case EventKind.join:
        this.#present.push(index);
        this.#checkRoster(this.#room.stays[index]!);
        break;
      case EventKind.left:
        if (!this.#present.includes(index)) this.disagreement.leftBeforeJoining(event);
        this.#present = this.#present.filter((other) => other !== index);
        break;
      case EventKind.chat:
        this.#checkChat(this.#room.chats[index]!);
    }
  }

  /** Rule JO2: the roster in `joined` is who is present now, in join order, the joiner last. */
  #checkRoster(stay: Stay): void {
    if (stay.roster === undefined) return;
    const roster = stay.roster;
    if (!isEqual(roster, this.#present)) this.#forgetUnseenDepartures(new Set(roster));
    this.disagreement.roster(stay, this.#present);
    if (roster.length > 1) return;
    // Rule LE5: whoever is alone in a room has begun a new one, which numbers its messages anew.
    this.#messageIds.clear();
    this.#lastMessageNumber = -1;
  }

  /** Whoever ended without a witness may be gone by now; the roster that lacks it is the word. */
  #forgetUnseenDepartures(roster: ReadonlySet<number>): void {
    this.#present = this.#present.filter((index) => {
      const { ending } = this.#room.stays[index]!;
      const mayBeGone = ending !== "open" && this.#everLeftInAView[index] === 0;
      if (!mayBeGone || roster.has(index)) return true;
      this.#past[EventKind.left]![index] = 1;
      this.disagreement.missedByThosePresent(eventOf(EventKind.left, index));
      return false;
    });
  }

  #checkChat(chat: Chat): void {
    const last = this.#lastChatOf.get(chat.from) ?? -1;
    if (chat.index < last) this.disagreement.senderOrder(chat, this.#room.chats[last]!);
    this.#lastChatOf.set(chat.from, Math.max(last, chat.index));
    if (chat.messageId === undefined) return;
    const number = /^\d{1,15}$/.test(chat.messageId) ? Number(chat.messageId) : undefined;
    const isKnown = this.#messageIds.has(chat.messageId);
    this.disagreement.messageId(chat, {
      isKnown,
      isSmaller: number !== undefined && number < this.#lastMessageNumber,
    });
    this.#messageIds.add(chat.messageId);
    if (number !== undefined) this.#lastMessageNumber = number;
  }
}

function departuresInViews(stays: readonly Stay[]): Uint8Array {
  const seen = new Uint8Array(stays.length);
  for (const { view } of stays) {
    for (let position = 0; position < view.length; position++) {
      const event = view.eventAt(position);
      if (kindOf(event) === EventKind.left) seen[indexOf(event)] = 1;
    }
  }
  return seen;
}

function isEqual(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}
