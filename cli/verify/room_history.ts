/**
 * What the harness did in one room and what its members saw: the input of `verifyRoom`. The
 * simulated users write it while they run; a test writes it by hand.
 *
 * Time is counted in steps. The runner ends a step only when everybody has seen what happened in
 * it, so a member that was present for a whole step must have seen everything of that step; within
 * a step only the order that the members agree on tells what somebody had to see.
 */
import { EventLog } from "./event_log.ts";

/**
 * How a stay ended: not yet, by `leave`, by a dropped socket, because the server ended it, or by a
 * fault that was injected, maybe before the server heard of a `leave`.
 */
export type Ending = "open" | "left" | "dropped" | "lost" | "cut" | "cut-leaving";

/** One participant from its `join` to its end. A user that returns begins another stay. */
export type Stay = {
  /** Position in {@linkcode RoomHistory.stays}. */
  readonly index: number;
  /** The user whose stay it is. */
  readonly userId: string;
  /** The `name` that it joined with; tells the stays of one user apart. */
  readonly name: string;
  /** The step in which `join` was sent. */
  readonly joinStep: number;
  /** The step in which the stay ended, or in which the run stopped looking. */
  endStep: number;
  /** How it ended. */
  ending: Ending;
  /** The stays that `joined` named, in its order; undefined while there is no reply. */
  roster: readonly number[] | undefined;
  /** What arrived after `joined`, to `leaved` (as this stay's own departure) or to the drop. */
  readonly view: EventLog;
};

/** One chat message that a member sent to its room. */
export type Chat = {
  /** Position in {@linkcode RoomHistory.chats}. */
  readonly index: number;
  /** The stay that sent it. */
  readonly from: number;
  /** Unique in the run. */
  readonly text: string;
  /** The step in which it was sent. */
  readonly step: number;
  /** When it was sent, by the monotonic clock. */
  readonly sentAt: number;
  /** The server answered with an error: nobody may see it. */
  isRefused: boolean;
  /** Its sender lost the connection to an injected fault before the answer: it may have got lost. */
  isInDoubt: boolean;
  /** What the server named it, by the first copy that arrived. */
  messageId: string | undefined;
};

/** The room's stays and chats, in the order in which their `join` or `chat` was sent. */
export class RoomHistory {
  /** The room. */
  readonly roomId: string;
  /** Every stay. */
  readonly stays: Stay[] = [];
  /** Every chat message. */
  readonly chats: Chat[] = [];
  readonly #staysByName = new Map<string, Stay>();
  readonly #latestStays = new Map<string, Stay>();
  readonly #chatsByText = new Map<string, Chat>();

  constructor(roomId: string) {
    this.roomId = roomId;
  }

  /** A user is about to send `join`. */
  addStay(userId: string, step: number): Stay {
    const earlier = this.#latestStays.get(userId);
    const number = earlier === undefined ? 1 : Number(earlier.name.split("#")[1] ?? 1) + 1;
    const stay: Stay = {
      index: this.stays.length,
      userId,
      name: number === 1 ? userId : `${userId} #${number}`,
      joinStep: step,
      endStep: Infinity,
      ending: "open",
      roster: undefined,
      view: new EventLog(),
    };
    this.stays.push(stay);
    this.#staysByName.set(stay.name, stay);
    this.#latestStays.set(userId, stay);
    return stay;
  }

  /** A stay is about to send `chat`. */
  addChat(from: Stay, text: string, at: { step: number; sentAt: number }): Chat {
    const index = this.chats.length;
    const chat: Chat = {
      index,
      from: from.index,
      text,
      step: at.step,
      sentAt: at.sentAt,
      isRefused: false,
      isInDoubt: false,
      messageId: undefined,
    };
    this.chats.push(chat);
    this.#chatsByText.set(text, chat);
    return chat;
  }

  /** The stay that joined under `name`. */
  stayNamed(name: unknown): Stay | undefined {
    return typeof name === "string" ? this.#staysByName.get(name) : undefined;
  }

  /** The stay of `userId` that began last. */
  latestStay(userId: string): Stay | undefined {
    return this.#latestStays.get(userId);
  }

  /** The chat with this text. */
  chatWith(text: unknown): Chat | undefined {
    return typeof text === "string" ? this.#chatsByText.get(text) : undefined;
  }
}
