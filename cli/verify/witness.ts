/**
 * One simulated user's eyes: takes each message that arrives, as unknown as it is, appends it to the
 * view of its stay, and reports at once what is wrong by itself: a room or a user that has no
 * business here, a shape that the wire does not know, an answer nobody asked for. What only shows
 * beside the other members' views is left to `verifyRoom`.
 */
import { SUBPROTOCOL } from "../../src/protocol/wire.ts";
import { Claims } from "./claims.ts";
import { EventKind, eventOf, reasonNumber } from "./event_log.ts";
import { fieldsOf, shown, wordOf } from "./fields.ts";
import { RelayLedger } from "./relay_ledger.ts";
import { type PendingRequest, Requests } from "./requests.ts";
import type { Chat, RoomHistory, Stay } from "./room_history.ts";
import type { RunRecord } from "./run_record.ts";
import { SeatWatch } from "./seat_watch.ts";

type Fields = Record<string, unknown>;

/** What one user sees. */
export class Witness {
  /** The user. */
  readonly userId: string;
  /** The room that it belongs to. */
  readonly room: RoomHistory;
  /** Its requests without an answer. */
  readonly requests: Requests = new Requests();
  /** What others have sent to this user alone and has not arrived yet. */
  readonly relays: RelayLedger = new RelayLedger();
  /** Its seat and those beside it. */
  readonly seats: SeatWatch = new SeatWatch();
  /** Its present stay, from the moment `join` is sent. */
  stay: Stay | undefined;
  /** How many are in the room, by what this user saw. */
  rosterSize = 0;
  /** Chats seen of steps after the one in which the stay began. */
  chatsSeen = 0;
  /** Called once the server has greeted. */
  onWelcome: () => void = () => {};
  readonly #run: RunRecord;
  readonly #claims: Claims;
  #isGreeted = false;
  #askedAt = 0;

  constructor(userId: string, room: RoomHistory, run: RunRecord) {
    this.userId = userId;
    this.room = room;
    this.#run = run;
    this.#claims = new Claims(this, run);
    run.roomOf.set(userId, room);
  }

  /** A new connection was due `at`: its first message must be `welcome` again. */
  beginConnection(at: number): void {
    this.#isGreeted = false;
    this.#askedAt = at;
  }

  /** Takes one message; `at` is when it arrived, by the monotonic clock. */
  receive(message: unknown, at: number): void {
    this.#run.received++;
    const fields = fieldsOf(message);
    const type = fields?.type;
    if (fields === undefined || typeof type !== "string") {
      return this.report("ME1", "a message", "an object with a string type", shown(message));
    }
    if (!this.#isGreeted) this.#greet(fields, at);
    if (this.seats.resumeToken !== undefined) this.#takeNumber(fields);
    switch (type) {
      case "user-joined":
        return this.#userJoined(fields);
      case "user-left":
        return this.#userLeft(fields);
      case "chat":
        return this.#chat(fields, at);
      case "joined":
        return this.#joined(fields, at);
      case "leaved":
        return this.#leaved(fields);
      case "error":
        return this.#error(fields);
      case "offer":
      case "answer":
      case "ice-candidate":
        return this.#relayed(fields, at);
      case "participant-updated":
        return this.#updated(fields);
      case "resumed":
        return this.#resumed(fields, at);
      case "ok":
        return this.#ok(fields);
      case "published":
        return this.#answered("published", fields, "publish")?.settle({ isOk: true, code: "" });
    }
  }

  /** Reports what this user saw. */
  report(rule: string, message: string, expected: string, seen: string): void {
    const { roomId } = this.room;
    this.#run.findings.add({ rule, roomId, userId: this.userId, message, expected, seen });
  }

  /** Rule CO2. */
  #greet(fields: Fields, at: number): void {
    this.#isGreeted = true;
    this.#run.record("connect", at - this.#askedAt, at);
    this.#run.tally.add("CO2");
    if (fields.type !== "welcome" || fields.protocol !== SUBPROTOCOL) {
      const seen = shown({ type: fields.type, protocol: fields.protocol });
      this.report("CO2", "first message", `welcome with protocol "${SUBPROTOCOL}"`, seen);
    }
    this.onWelcome();
  }

  #joined(fields: Fields, at: number): void {
    const request = this.#answered("joined", fields, "join");
    const { stay, room } = this;
    if (request === undefined || stay === undefined) return;
    this.#run.record("join", at - request.sentAt, at);
    this.#claims.isHere("joined", fields, "JO2");
    if (fields.userId !== this.userId) {
      this.report("JO2", "joined", `userId "${this.userId}"`, shown(fields.userId));
    }
    stay.roster = this.#readRoster(fields);
    this.#claims.forget();
    for (const index of stay.roster) {
      const other = room.stays[index];
      if (other !== undefined) this.#claims.know(other);
    }
    this.rosterSize = stay.roster.length;
    this.chatsSeen = 0;
    this.seats.enter(fields);
    request.settle({ isOk: true, code: "" });
  }

  /** The roster as stays; -1 for whoever is no user of this room, which is reported. */
  #readRoster(fields: Fields): number[] {
    const { users, participants } = fields;
    if (!Array.isArray(users) || !Array.isArray(participants)) {
      this.report("JO2", "joined", "the lists users and participants", shown(fields));
      return [];
    }
    if (users.length !== participants.length) {
      const seen = `${users.length} users, ${participants.length} participants`;
      this.report("JO2", "joined", "users and participants of the same people", seen);
    }
    return users.map((user: unknown, position) => {
      const participant = fieldsOf(participants[position]);
      if (participant?.userId !== user) {
        const seen = shown(participant?.userId);
        this.report("JO2", "joined", `participants[${position}] of ${shown(user)}`, seen);
      }
      return this.#claims.stayOf("joined", user, participant)?.index ?? -1;
    });
  }

  #userJoined(fields: Fields): void {
    const stay = this.stay;
    const named = this.room.stayNamed((fields.participant as Fields | null | undefined)?.name);
    if (this.#isPlain(fields, named) && stay?.roster !== undefined) {
      this.#claims.know(named);
      this.rosterSize++;
      return stay.view.push(eventOf(EventKind.join, named.index));
    }
    const message = `user-joined of ${shown(fields.userId)}`;
    if (!this.#isInside(message) || stay === undefined) return;
    if (!this.#claims.isHere(message, fields, "JO3")) return;
    const participant = fieldsOf(fields.participant);
    if (participant === undefined || participant.userId !== fields.userId) {
      this.report("JO3", message, "its participant", shown(fields.participant));
    }
    if (fields.userId === this.userId) {
      return this.report("JO3", message, "none: nobody is told of itself", "one");
    }
    const joined = this.#claims.stayOf(message, fields.userId, participant);
    if (joined === undefined) return;
    this.#claims.know(joined);
    this.rosterSize++;
    stay.view.push(eventOf(EventKind.join, joined.index));
  }

  /**
   * Whether a user-joined is right at first sight, as nearly all are. Whatever is not is looked at
   * again, claim by claim, to say what is wrong; that costs more than all the rest of a message.
   */
  #isPlain({ roomId, userId, participant }: Fields, named: Stay | undefined): named is Stay {
    return named !== undefined && named.userId === userId && roomId === this.room.roomId &&
      userId !== this.userId &&
      (participant as Fields | undefined)?.userId === userId;
  }

  #userLeft(fields: Fields): void {
    const stay = this.stay;
    const message = `user-left of ${shown(fields.userId)}`;
    if (!this.#isInside(message) || stay === undefined) return;
    if (!this.#claims.isHere(message, fields, "LE3")) return;
    const { userId } = fields;
    if (userId === this.userId) {
      return this.report("LE3", message, "none: nobody is told of itself", "one");
    }
    if (!this.#claims.belongs(message, userId, "LE3")) return;
    const left = this.#claims.knownStay(userId);
    if (left === undefined) return this.report("LE3", message, "none: it never joined", "one");
    this.rosterSize--;
    this.seats.setConnected(userId, true);
    stay.view.push(eventOf(EventKind.left, left.index), reasonNumber(fields.reason));
  }

  #chat(fields: Fields, at: number): void {
    const stay = this.stay;
    const known = this.room.chatWith(fields.text);
    // Right at first sight, as nearly all are: a stay of the room sent it, and others saw it so.
    if (
      stay?.roster !== undefined && known !== undefined && fields.requestId === undefined &&
      fields.from === this.room.stays[known.from]?.userId && known.messageId !== undefined &&
      fields.messageId === known.messageId
    ) {
      return this.#sawChat(stay, known, at);
    }
    const message = `chat "${wordOf(fields.text).slice(0, 80)}"`;
    if (fields.requestId !== undefined) {
      this.#answered(message, fields, "chat")?.settle({ isOk: true, code: "" });
    }
    if (!this.#isInside(message) || stay === undefined) return;
    if (!this.#claims.belongs(message, fields.from, "CH1")) return;
    const chat = this.room.chatWith(fields.text);
    if (chat === undefined) {
      return this.report("CH2", message, "the text as it was sent", "another");
    }
    if (this.room.stays[chat.from]?.userId !== fields.from) {
      const sender = this.room.stays[chat.from]?.userId;
      return this.report("CH1", message, `from "${sender}"`, `from ${shown(fields.from)}`);
    }
    this.#checkMessageId(message, chat, fields.messageId);
    this.#sawChat(stay, chat, at);
  }

  #sawChat(stay: Stay, chat: Chat, at: number): void {
    this.#run.record("broadcast", at - chat.sentAt, at);
    if (chat.step > stay.joinStep && !chat.isInDoubt) this.chatsSeen++;
    stay.view.push(eventOf(EventKind.chat, chat.index));
  }

  /** Rule CH3: one message has one id, whoever sees it. */
  #checkMessageId(message: string, chat: Chat, messageId: unknown): void {
    if (typeof messageId !== "string") {
      this.report("CH3", message, "a messageId", shown(messageId));
    } else if (chat.messageId === undefined) {
      chat.messageId = messageId;
    } else if (chat.messageId !== messageId) {
      this.report("CH3", message, `messageId "${chat.messageId}", as the others saw`, messageId);
    }
  }

  #leaved(fields: Fields): void {
    const request = this.#answered("leaved", fields, "leave");
    const stay = this.stay;
    if (stay === undefined) return;
    this.#run.tally.add("LE2");
    this.#claims.isHere("leaved", fields, "LE2");
    if (fields.userId !== this.userId || (request !== undefined && fields.reason !== "left")) {
      const seen = shown({ userId: fields.userId, reason: fields.reason });
      this.report("LE2", "leaved", `userId "${this.userId}", reason "left"`, seen);
    }
    if (request !== undefined) {
      stay.view.push(eventOf(EventKind.left, stay.index), reasonNumber("left"));
    } else {
      stay.ending = "lost";
    }
    this.stay = undefined;
    request?.settle({ isOk: true, code: "" });
  }

  /** Rules RL1 and OR3: exactly what was sent to this user, from its sender, in its order. */
  #relayed(fields: Fields, at: number): void {
    const { type, from, description, candidate } = fields;
    const message = `${type} of ${shown(from)}`;
    if (!this.#isInside(message) || !this.#claims.belongs(message, from, "RL4")) return;
    const body = type === "ice-candidate"
      ? fieldsOf(candidate)?.candidate ?? candidate
      : fieldsOf(description)?.sdp;
    const sight = this.relays.take(from, String(type), body);
    this.#run.tally.add("RL1");
    if (sight.kind === "unexpected") {
      return this.report("RL1", message, "what was sent, exactly once", shown(body));
    }
    this.#run.tally.add("OR3");
    if (sight.kind === "early") {
      this.report("OR3", message, "after what its sender sent before", "before it");
    }
    this.#run.record("relay", at - sight.expected.sentAt, at);
    sight.expected.onArrival?.();
  }

  /** Rule RE3, as far as it is about connections. */
  #updated(fields: Fields): void {
    const { userId, connected } = fields;
    if (typeof connected !== "boolean") return;
    const message = `participant-updated of ${shown(userId)}`;
    if (!this.#isInside(message) || !this.#claims.belongs(message, userId, "RE3")) return;
    this.#run.tally.add("RE3");
    this.seats.setConnected(userId, connected);
  }

  /** Rule RE4; a snapshot instead would hide what the judge has to see. */
  #resumed(fields: Fields, at: number): void {
    const request = this.#answered("resumed", fields, "resume");
    if (request === undefined) return;
    this.#run.record("resume", at - request.sentAt, at);
    this.#run.tally.add("RE4");
    if (fields.snapshot !== undefined) {
      this.report("RE4", "resumed", "the messages that were missed", "a snapshot in their place");
    }
    request.settle({ isOk: true, code: "" });
  }

  /** Rule RE2. */
  #takeNumber(fields: Fields): void {
    this.#run.tally.add("RE2");
    const wrong = this.seats.takeNumber(fields);
    if (wrong !== undefined) this.report("RE2", `${fields.type}`, wrong.expected, wrong.seen);
  }

  /** The answer to what has no other. */
  #ok(fields: Fields): void {
    const request = this.requests.take(fields.requestId);
    if (typeof request === "object" && ANSWERED_BY_OK.has(request.type)) {
      this.#run.tally.add("ME4");
      return request.settle({ isOk: true, code: "" });
    }
    const seen = request === "again" ? "another answer to the same request" : "an answer to none";
    this.report("ME4", "ok", "exactly one answer to each request", seen);
  }

  #error(fields: Fields): void {
    const request = this.requests.take(fields.requestId);
    const code = wordOf(fields.code);
    const isKnown = typeof request === "object";
    if (isKnown && request.type === "join") this.stay = undefined;
    if (isKnown && request.chat !== undefined) request.chat.isRefused = true;
    if (!isKnown || request.tolerated !== code) {
      const asked = isKnown ? request.type : "no request";
      const seen = `error "${code}": ${wordOf(fields.message).slice(0, 200)}`;
      this.report(ruleOfError(code), `the answer to ${asked}`, "success", seen);
    }
    if (isKnown) request.settle({ isOk: false, code });
  }

  /** The request that `fields` answers; reports an answer that nobody waits for. */
  #answered(message: string, fields: Fields, type: string): PendingRequest | undefined {
    const request = this.requests.take(fields.requestId);
    if (typeof request === "object" && request.type === type) {
      this.#run.tally.add("ME4");
      return request;
    }
    if (type === "leave" && fields.requestId === undefined) {
      this.report("LE6", message, "to stay in the room", `reason ${shown(fields.reason)}`);
    } else {
      const seen = request === "again" ? "another answer to the same request" : "an answer to none";
      this.report("ME4", message, "exactly one answer to each request", seen);
    }
    return undefined;
  }

  /** Rule OR2: whoever is in no room hears of none. */
  #isInside(message: string): boolean {
    if (this.stay?.roster !== undefined) return true;
    this.report("OR2", message, "nothing while the user is in no room", "it arrived");
    return false;
  }
}

/** Requests of the simulation that have no answer of their own. */
const ANSWERED_BY_OK: ReadonlySet<string> = new Set([
  ...["offer", "answer", "subscribe", "subscription-answer", "restart-subscription"],
]);

function ruleOfError(code: string): string {
  if (code === "rate-limited") return "LI2";
  if (code === "server-shutting-down") return "ER4";
  if (code === "user-id-taken") return "JO5";
  if (code === "room-full" || code === "too-many-rooms") return "LI1";
  return "ER1";
}
