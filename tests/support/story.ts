/**
 * Histories for the judge's tests: a room in which everything goes right, told as a story. What each
 * member sees follows from who is in; a test then falsifies one view and asks for the finding.
 */
import {
  type Chat,
  EventKind,
  eventOf,
  type Finding,
  Findings,
  reasonNumber,
  RoomHistory,
  type Stay,
  Tally,
  verifyRoom,
} from "../../cli/verify/mod.ts";

/** One thing that a member saw. */
export type Seen = { event: number; reason: number };

/** A room that behaves. */
export class Story {
  readonly room: RoomHistory = new RoomHistory("test");
  /** What each stay saw, to be falsified before {@linkcode judge}. */
  readonly views: Map<Stay, Seen[]> = new Map();
  /** The present step. */
  step = 1;
  #present: Stay[] = [];

  /** Who is in, in join order. */
  get present(): readonly Stay[] {
    return this.#present;
  }

  /** A user joins. */
  join(userId: string): Stay {
    const stay = this.room.addStay(userId, this.step);
    this.#tell(eventOf(EventKind.join, stay.index));
    this.#present.push(stay);
    stay.roster = this.#present.map(({ index }) => index);
    this.views.set(stay, []);
    return stay;
  }

  /** A member says something. */
  chat(from: Stay): Chat {
    const number = this.room.chats.length + 1;
    const chat = this.room.addChat(from, `Message ${number}`, { step: this.step, sentAt: number });
    chat.messageId = `${number}`;
    this.#tell(eventOf(EventKind.chat, chat.index));
    return chat;
  }

  /** A member leaves by `leave`. */
  leave(stay: Stay): void {
    this.#end(stay, "left");
    this.views.get(stay)!.push({
      event: eventOf(EventKind.left, stay.index),
      reason: reasonNumber("left"),
    });
    this.#tell(eventOf(EventKind.left, stay.index), "left");
  }

  /** A member drops its socket; of what it was sent in this step, the last `unread` are lost. */
  drop(stay: Stay, unread = 0): void {
    this.#end(stay, "dropped");
    const view = this.views.get(stay)!;
    const lostFrom = view.length - unread;
    this.views.set(stay, view.filter((_, index) => index < lostFrom));
    this.#tell(eventOf(EventKind.left, stay.index), "disconnected");
  }

  /** What the judge finds in the room as it stands. */
  judge(): readonly Finding[] {
    for (const [stay, view] of this.views) {
      for (const { event, reason } of view) stay.view.push(event, reason);
    }
    const verdict = { findings: new Findings(), tally: new Tally() };
    verifyRoom(this.room, verdict);
    return verdict.findings.kept;
  }

  #end(stay: Stay, ending: "left" | "dropped"): void {
    stay.ending = ending;
    stay.endStep = this.step;
    this.#present = this.#present.filter((other) => other !== stay);
  }

  #tell(event: number, reason?: string): void {
    const seen = { event, reason: reason === undefined ? 0 : reasonNumber(reason) };
    for (const stay of this.#present) this.views.get(stay)!.push({ ...seen });
  }
}
