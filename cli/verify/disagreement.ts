/**
 * Turns what the judge notices into findings, in the words of PROTOCOL.md, and counts what agreed.
 * Decides nothing about order; `verifyRoom`, its views and its order report here.
 */
import { EventKind, eventOf, indexOf, kindOf, reasonWord } from "./event_log.ts";
import type { Chat, Ending, RoomHistory, Stay } from "./room_history.ts";
import type { Verdict } from "./verdict.ts";

/** The rule that promises each kind of event to everyone present. */
const DELIVERY_RULES = ["JO3", "LE3", "CH1"] as const;
/** Rosters in findings name this many users at most. */
const MAX_NAMES = 8;

/** The pen of one room's judge. */
export class Disagreement {
  readonly #room: RoomHistory;
  readonly #verdict: Verdict;
  readonly #missed = new Set<string>();

  constructor(room: RoomHistory, verdict: Verdict) {
    this.#room = room;
    this.#verdict = verdict;
  }

  /** The view of `stay` shows `event` where it belongs. */
  agreed(stay: Stay, event: number, reason: number): void {
    const { tally } = this.#verdict;
    tally.add("OR1");
    const kind = kindOf(event);
    if (kind === EventKind.left && indexOf(event) === stay.index) return;
    tally.add(DELIVERY_RULES[kind]);
    if (kind !== EventKind.left) return;
    tally.add("LE4");
    const expected = reasonsOf(this.#room.stays[indexOf(event)]!.ending);
    if (expected.includes(reasonWord(reason))) return;
    this.#add("LE4", stay, {
      message: this.name(event),
      expected: `reason ${expected.map((word) => `"${word}"`).join(" or ")}`,
      seen: `reason "${reasonWord(reason)}"`,
    });
  }

  /** The view shows `event` only after `head`, which comes later for the others. */
  swapped(stay: Stay, event: number, head: number): void {
    this.#add("OR1", stay, {
      message: this.name(event),
      expected: `${this.name(event)} before ${this.name(head)}, as the others saw it`,
      seen: `${this.name(head)} first`,
    });
  }

  /** The view lacks `event`. */
  missed(stay: Stay, event: number): void {
    const key = `${stay.index}/${event}`;
    if (this.#missed.has(key)) return;
    this.#missed.add(key);
    this.#add(DELIVERY_RULES[kindOf(event)], stay, {
      message: this.name(event),
      expected: "exactly one",
      seen: "none",
    });
  }

  /** Nobody at all saw `event`: it is missing for everyone who was there all the time. */
  missedByThosePresent(event: number): void {
    for (const stay of this.#room.stays) {
      const isOwn = kindOf(event) !== EventKind.chat && indexOf(event) === stay.index;
      if (!isOwn && this.#wasIn(stay, event) && this.hadToSee(stay, event)) {
        this.missed(stay, event);
      }
    }
  }

  /** Whether `stay` was in the room when `event` happened, for certain. */
  #wasIn(stay: Stay, event: number): boolean {
    if (stay.roster === undefined) return false;
    if (stay.joinStep < this.#stepOf(event)) return true;
    const index = indexOf(event);
    switch (kindOf(event)) {
      case EventKind.join:
        return this.#room.stays[index]!.roster?.includes(stay.index) ?? false;
      case EventKind.left:
        return stay.roster.includes(index) ||
          stay.view.includes(eventOf(EventKind.join, index), 0);
      case EventKind.chat:
        return this.#room.chats[index]!.from === stay.index;
    }
  }

  /** Whether `stay` lasted through the whole step of `event`, at whose end all had seen it. */
  hadToSee(stay: Stay, event: number): boolean {
    if (this.#isInDoubt(event)) return false;
    return stay.endStep > this.#stepOf(event);
  }

  /** The view shows `event` again. */
  repeated(stay: Stay, event: number): void {
    const isJoin = kindOf(event) === EventKind.join;
    const wasInRoster = isJoin && stay.roster?.includes(indexOf(event));
    this.#add(DELIVERY_RULES[kindOf(event)], stay, {
      message: this.name(event),
      expected: wasInRoster ? 'none: it is in the roster of "joined"' : "exactly one",
      seen: "another one",
    });
  }

  /** Everybody saw the departure of a user before its join. */
  leftBeforeJoining(event: number): void {
    if (this.#isInDoubt(event)) return;
    this.#add("OR1", this.#room.stays[indexOf(event)]!, {
      message: this.name(event),
      expected: "after its user-joined",
      seen: "before it",
    });
  }

  /** The view shows something that did not happen. */
  invented(stay: Stay, event: number): void {
    const isChat = kindOf(event) === EventKind.chat;
    this.#add(isChat ? "ER2" : "LE3", stay, {
      message: this.name(event),
      expected: isChat ? "none: the server refused it" : "none: the user is still in the room",
      seen: "one",
    });
  }

  /** The view shows `event`, which came when the stay was over. */
  sawAfterEnd(stay: Stay, event: number): void {
    this.#add("OR2", stay, {
      message: this.name(event),
      expected: "nothing of the room after leaving it",
      seen: "it arrived",
    });
  }

  /** The roster in `joined` against who is present. */
  roster(stay: Stay, present: readonly number[]): void {
    this.#verdict.tally.add("JO2");
    // When the server notices that a connection was cut is no matter of the roster.
    const isSure = (index: number) => this.#room.stays[index]?.ending?.startsWith("cut") !== true;
    const roster = (stay.roster ?? []).filter(isSure);
    present = present.filter(isSure);
    if (roster.length === present.length && roster.every((who, at) => who === present[at])) return;
    const isSame = [...roster].sort().join() === [...present].sort().join();
    this.#add("JO2", stay, {
      message: `joined of ${stay.userId}`,
      expected: `users ${this.#names(present, roster)}${isSame ? ", in join order" : ""}`,
      seen: `users ${this.#names(roster, present)}`,
    });
  }

  /** Rule OR3: `chat` came after `later`, which its sender sent afterwards. */
  senderOrder(chat: Chat, later: Chat): void {
    this.#add("OR3", this.#room.stays[chat.from]!, {
      message: `chat "${chat.text}"`,
      expected: `delivered before "${later.text}", as it was sent`,
      seen: "delivered after it, to everyone",
    });
  }

  /** Rule CH3: the id of `chat` is new and larger than those before. */
  messageId(chat: Chat, found: { isKnown: boolean; isSmaller: boolean }): void {
    this.#verdict.tally.add("CH3");
    if (!found.isKnown && !found.isSmaller) return;
    this.#add("CH3", this.#room.stays[chat.from]!, {
      message: `chat "${chat.text}"`,
      expected: "a messageId that grows with the order",
      seen: `messageId "${chat.messageId}", ${
        found.isKnown ? "used before" : "smaller than before"
      }`,
    });
  }

  /** `event` in words. */
  name(event: number): string {
    const index = indexOf(event);
    switch (kindOf(event)) {
      case EventKind.join:
        return `user-joined of ${this.#room.stays[index]!.name}`;
      case EventKind.left:
        return `user-left of ${this.#room.stays[index]!.name}`;
      case EventKind.chat:
        return `chat "${this.#room.chats[index]!.text}"`;
    }
  }

  /** Whether a fault that was injected makes it unsure that `event` happened, or when. */
  #isInDoubt(event: number): boolean {
    const index = indexOf(event);
    if (kindOf(event) === EventKind.chat) return this.#room.chats[index]!.isInDoubt;
    const { ending, roster } = this.#room.stays[index]!;
    return ending.startsWith("cut") && (kindOf(event) === EventKind.left || roster === undefined);
  }

  #stepOf(event: number): number {
    const index = indexOf(event);
    switch (kindOf(event)) {
      case EventKind.join:
        return this.#room.stays[index]!.joinStep;
      case EventKind.left:
        return this.#room.stays[index]!.endStep;
      case EventKind.chat:
        return this.#room.chats[index]!.step;
    }
  }

  /** Names a roster; a long one by what the other lacks. */
  #names(list: readonly number[], other: readonly number[]): string {
    const nameOf = (index: number) => this.#room.stays[index]?.userId ?? "(a stranger)";
    if (list.length <= MAX_NAMES) return `[${list.map(nameOf).join(", ")}]`;
    const more = list.filter((index) => !other.includes(index)).slice(0, MAX_NAMES).map(nameOf);
    return `(${list.length}${more.length > 0 ? `, with ${more.join(", ")}` : ""})`;
  }

  #add(rule: string, stay: Stay, what: { message: string; expected: string; seen: string }): void {
    this.#verdict.findings.add({ rule, roomId: this.#room.roomId, userId: stay.userId, ...what });
  }
}

function reasonsOf(ending: Ending): readonly string[] {
  switch (ending) {
    case "left":
      return ["left"];
    case "dropped":
      return ["disconnected"];
    case "lost":
      return ["disconnected", "slow-consumer", "room-ended"];
    case "cut":
      return ["disconnected", "slow-consumer"];
    case "cut-leaving":
      return ["left", "disconnected", "slow-consumer"];
    case "open":
      return [];
  }
}
