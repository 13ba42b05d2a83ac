/**
 * What a message claims about rooms and people, against what the run knows: is it of this room, is
 * the user one of its own, which of a user's stays is meant. Every witness has one; a false claim is
 * a finding at once.
 */
import { type fieldsOf, shown, wordOf } from "./fields.ts";
import type { RoomHistory, Stay } from "./room_history.ts";
import type { RunRecord } from "./run_record.ts";

type Fields = NonNullable<ReturnType<typeof fieldsOf>>;

/** Who asks. */
export type Claimant = {
  readonly room: RoomHistory;
  report(rule: string, message: string, expected: string, seen: string): void;
};

/** The claims that one witness hears. */
export class Claims {
  readonly #claimant: Claimant;
  readonly #run: RunRecord;
  /** The stay that a returned user is in, as the witness knows it. */
  readonly #knownStays = new Map<string, Stay>();

  constructor(claimant: Claimant, run: RunRecord) {
    this.#claimant = claimant;
    this.#run = run;
  }

  /** Whether the message names the witness's room. */
  isHere(message: string, fields: Fields, rule: string): boolean {
    const { room } = this.#claimant;
    if (fields.roomId === room.roomId) return true;
    const isForeign = this.#run.roomOf.get(wordOf(fields.userId)) !== room;
    const expected = `roomId "${room.roomId}"`;
    this.#claimant.report(
      isForeign ? "OR2" : rule,
      message,
      expected,
      `roomId ${shown(fields.roomId)}`,
    );
    return false;
  }

  /** Whether `userId` is a user of the witness's room. */
  belongs(message: string, userId: unknown, rule: string): userId is string {
    const { room } = this.#claimant;
    const home = this.#run.roomOf.get(wordOf(userId));
    if (home === room && typeof userId === "string") return true;
    const expected = `only users of room "${room.roomId}"`;
    if (home === undefined) {
      this.#claimant.report(rule, message, expected, `${shown(userId)}, who is not of this run`);
    } else {
      this.#claimant.report(
        "OR2",
        message,
        expected,
        `${shown(userId)}, who is in room "${home.roomId}"`,
      );
    }
    return false;
  }

  /** The stay of `userId` that `participant` names; the latest when it names none. */
  stayOf(message: string, userId: unknown, participant: Fields | undefined): Stay | undefined {
    const { room } = this.#claimant;
    const rule = message === "joined" ? "JO2" : "JO3";
    if (!this.belongs(message, userId, rule)) return undefined;
    const named = room.stayNamed(participant?.name);
    if (named?.userId === userId) return named;
    const latest = room.latestStay(userId);
    const expected = `participant.name "${latest?.name ?? userId}"`;
    this.#claimant.report(rule, message, expected, shown(participant?.name));
    return latest;
  }

  /** The witness saw `stay` begin, or found it in the roster. Only of those who returned. */
  know(stay: Stay): void {
    if (stay.name !== stay.userId) this.#knownStays.set(stay.userId, stay);
  }

  /** The stay of `userId` that the witness saw begin last. */
  knownStay(userId: string): Stay | undefined {
    return this.#knownStays.get(userId) ?? this.#claimant.room.stayNamed(userId);
  }

  /** The witness enters the room anew. */
  forget(): void {
    this.#knownStays.clear();
  }
}
