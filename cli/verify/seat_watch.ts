/**
 * What one user has to see where seats outlive connections: its own messages numbered without a gap
 * (rule RE2), and of the others who is away (rule RE3). A witness keeps one while its user is in a
 * room.
 */
import type { fieldsOf } from "./fields.ts";
import { shown } from "./fields.ts";

type Fields = NonNullable<ReturnType<typeof fieldsOf>>;

/** Messages that say how a seat stands rather than belong to it; `leaved` comes when it is gone. */
const UNNUMBERED: ReadonlySet<unknown> = new Set([
  "welcome",
  "joined",
  "resumed",
  "leaved",
  "error",
]);

/** The seat of one user and those beside it. */
export class SeatWatch {
  /** What takes the seat again; undefined: it cannot be resumed. */
  resumeToken: string | undefined;
  /** The number of the last message. */
  lastSeq = 0;
  #away: Set<string> | undefined;

  /** Who of the others is away by what was seen, one of them. */
  get someoneAway(): string | undefined {
    return this.#away?.values().next().value;
  }

  /** The user enters a room; `joined` names who is away. */
  enter({ resumeToken, participants }: Fields): void {
    this.resumeToken = typeof resumeToken === "string" ? resumeToken : undefined;
    this.lastSeq = 0;
    this.#away = undefined;
    if (!Array.isArray(participants)) return;
    for (const participant of participants) {
      if (participant?.connected === false) this.setConnected(participant.userId, false);
    }
  }

  /** Another one was lost, came back, or left. */
  setConnected(userId: string, isConnected: boolean): void {
    if (!isConnected) (this.#away ??= new Set()).add(userId);
    else this.#away?.delete(userId);
  }

  /** Takes the number of a message; what is wrong with it, if anything. */
  takeNumber({ type, seq }: Fields): { expected: string; seen: string } | undefined {
    if (this.resumeToken === undefined) return undefined;
    if (seq === undefined && UNNUMBERED.has(type)) return undefined;
    const expected = this.lastSeq + 1;
    if (typeof seq === "number") this.lastSeq = seq;
    return seq === expected
      ? undefined
      : { expected: `seq ${expected}`, seen: `seq ${shown(seq)}` };
  }
}
