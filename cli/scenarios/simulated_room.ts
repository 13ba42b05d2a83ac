/**
 * A room as the simulation drives it: its history for the judge, and the counts that tell when
 * everybody has seen everything. The users of the room share one.
 */
import { unpackFrame } from "../../src/protocol/wire.ts";
import {
  type Chat,
  EventKind,
  eventOf,
  RoomHistory,
  type Stay,
  type Witness,
} from "../verify/mod.ts";

/** A frame that is longer is not kept: it is a roster or a burst, and both are rarely the same. */
const MAX_KEPT_LENGTH = 16_384;

/** The shared side of one room. */
export class SimulatedRoom {
  /** What was sent and seen. */
  readonly history: RoomHistory;
  /** How many users belong to it. */
  readonly members: number;
  /** Members that are in, as far as the tester knows. */
  liveCount = 0;
  #lastFrame = "";
  #lastMessages: readonly unknown[] = [];
  /** Stays that an injected fault ended: the server may not have noticed yet. */
  readonly ghosts: Stay[] = [];
  /** The eyes of its users. */
  readonly witnesses: Witness[] = [];
  /** Chats sent and not refused, by step. */
  readonly #chatsOfStep: number[] = [];

  constructor(roomId: string, members: number) {
    this.history = new RoomHistory(roomId);
    this.members = members;
  }

  /**
   * The messages of a frame. A broadcast reaches all members in the same words, one after the other,
   * so the last frame is read once for all of them; nobody may change what it returns.
   */
  readonly unpack = (frame: string): readonly unknown[] => {
    if (frame === this.#lastFrame) return this.#lastMessages;
    const messages = unpackFrame(frame);
    if (frame.length <= MAX_KEPT_LENGTH) {
      this.#lastFrame = frame;
      this.#lastMessages = messages;
    }
    return messages;
  };

  /** A chat was sent (1) or refused (-1) in `step`. */
  countChat(step: number, change: 1 | -1): void {
    this.#chatsOfStep[step] = (this.#chatsOfStep[step] ?? 0) + change;
  }

  /** It is not sure that `chat` arrived: nobody waits for it, and who has seen it has seen no more. */
  doubt(chat: Chat): void {
    chat.isInDoubt = true;
    const event = eventOf(EventKind.chat, chat.index);
    for (const witness of this.witnesses) {
      const { stay } = witness;
      if (stay === undefined || chat.step <= stay.joinStep) continue;
      if (stay.view.includes(event, 0)) witness.chatsSeen--;
    }
  }

  /** Ghosts that `stay` saw come, or found, and has not seen go. */
  ghostsSeenBy(stay: Stay): number {
    return this.ghosts.filter(({ index }) => {
      const hasSeen = (kind: EventKind) => stay.view.includes(eventOf(kind, index), 0);
      const hasMet = stay.roster?.includes(index) === true || hasSeen(EventKind.join);
      return hasMet && !hasSeen(EventKind.left);
    }).length;
  }

  /** Chats that a member must see who joined in `joinStep`: those of later steps. */
  chatsAfter(joinStep: number): number {
    let count = 0;
    for (let step = joinStep + 1; step < this.#chatsOfStep.length; step++) {
      count += this.#chatsOfStep[step] ?? 0;
    }
    return count;
  }
}
