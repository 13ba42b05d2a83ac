/**
 * What a guest makes of what it hears: who is in its room, which number comes next. Reports at once
 * what no script can make right: somebody who comes twice, who goes without having come, a word of
 * another room, a gap in the numbers. Each `Guest` has one.
 */
import { SUBPROTOCOL } from "../../../src/protocol/wire.ts";
import { fieldsOf, type RunRecord, shown } from "../../verify/mod.ts";

/** A message as it came. */
export type Message = Readonly<Record<string, unknown>>;

/** What only those hear who are in a room. */
const ROOM_TYPES: ReadonlySet<unknown> = new Set([
  ...["user-joined", "user-left", "chat", "data", "participant-updated", "host-changed"],
  ...["offer", "answer", "ice-candidate", "knock", "knock-ended", "room-updated", "mute"],
]);

/** The view of one guest. */
export class GuestView {
  /** The room that it is in or has asked for last. */
  roomId: string;
  /** Everything that it heard, in order. */
  readonly heard: Message[] = [];
  /** Who is in the room; undefined: the guest is in none. */
  roster: Set<string> | undefined;
  /** What takes its seat again, where it asked to be resumable. */
  resumeToken: string | undefined;
  /** The number of the last message. */
  lastSeq = 0;
  readonly #userId: string;
  readonly #run: RunRecord;
  #mayMiss = false;
  #isGreeted = false;

  constructor(userId: string, roomId: string, run: RunRecord) {
    this.#userId = userId;
    this.roomId = roomId;
    this.#run = run;
  }

  /** Another connection begins: the server greets again. */
  beginConnection(): void {
    this.#isGreeted = false;
  }

  /** Goes on where `other` is: its seat is resumed by somebody else. */
  continue(other: GuestView): void {
    this.roomId = other.roomId;
    this.roster = new Set(other.roster);
    this.resumeToken = other.resumeToken;
    this.lastSeq = other.lastSeq;
  }

  /** Takes one message. */
  take(message: Message): void {
    const { type, seq, roomId } = message;
    if (!this.#isGreeted) this.#greet(message);
    if (this.resumeToken !== undefined && typeof seq === "number") this.#count(seq);
    if (ROOM_TYPES.has(type) && this.roster === undefined) {
      this.report("OR2", `${type}`, "nothing while the user is in no room", "it arrived");
    } else if (roomId !== undefined && roomId !== this.roomId && type !== "room-created") {
      this.report("OR2", `${type}`, `roomId "${this.roomId}"`, `roomId ${shown(roomId)}`);
    } else {
      this.#follow(message);
    }
    this.heard.push(message);
  }

  /** Reports what the guest saw. */
  report(rule: string, message: string, expected: string, seen: string): void {
    const { roomId } = this;
    this.#run.findings.add({ rule, roomId, userId: this.#userId, message, expected, seen });
  }

  #greet({ type, protocol }: Message): void {
    this.#isGreeted = true;
    if (type === "welcome" && protocol === SUBPROTOCOL) return;
    const expected = `welcome with protocol "${SUBPROTOCOL}"`;
    this.report("CO2", "first message", expected, shown({ type, protocol }));
  }

  /** Rule RE2: no number is missing, unless the server said that it dropped some. */
  #count(seq: number): void {
    this.#run.tally.add("RE2");
    const expected = this.lastSeq + 1;
    if (seq !== expected && !this.#mayMiss) {
      this.report("RE2", "a message", `seq ${expected}`, `seq ${seq}`);
    }
    this.#mayMiss = false;
    this.lastSeq = seq;
  }

  /** Who is in the room now: each comes once and goes once. */
  #follow({ type, userId, users, resumeToken, snapshot }: Message): void {
    const about = `${type} of ${shown(userId)}`;
    switch (type) {
      case "joined":
        this.resumeToken = typeof resumeToken === "string" ? resumeToken : undefined;
        this.lastSeq = 0;
        return this.#enter(users, "JO2");
      case "lagged":
        this.#mayMiss = true;
        return;
      case "snapshot":
        return this.#enter(users, "BP2");
      case "resumed":
        if (snapshot !== undefined) this.#enter(fieldsOf(snapshot)?.users, "RE5");
        return;
      case "user-joined":
        this.#run.tally.add("JO3");
        if (this.roster?.has(String(userId))) {
          this.report("JO3", about, "exactly one: it is in the room", "another one");
        }
        this.roster?.add(String(userId));
        return;
      case "user-left":
        this.#run.tally.add("LE3");
        if (this.roster?.delete(String(userId)) !== true) {
          this.report("LE3", about, "exactly one, after its user-joined", "another one");
        }
        return;
      case "leaved":
        this.roster = undefined;
        this.resumeToken = undefined;
    }
  }

  #enter(users: unknown, rule: string): void {
    const list = Array.isArray(users) ? users.map(String) : [];
    this.roster = new Set(list);
    this.#run.tally.add(rule);
    if (this.roster.size === list.length && this.roster.has(this.#userId)) return;
    this.report(rule, "users", "each once, and the receiver among them", shown(users));
  }
}
