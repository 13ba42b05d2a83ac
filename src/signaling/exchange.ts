/**
 * Between connections and rooms: it carries out what a connection asks, answers it, encodes each
 * broadcast once and delivers it to the sessions it is for. The hub owns one and brings the
 * connections; nothing here knows sockets.
 */
import type { Clock, Logger, Random } from "../base/mod.ts";
import {
  type ClientMessage,
  type ClientMessageOf,
  encode,
  ProtocolError,
  type RoomId,
  type ServerMessage,
} from "../protocol/mod.ts";
import { type Outbound, RoomRegistry, type Seat } from "../rooms/mod.ts";
import type { Connection, ConnectionEnd } from "./connection.ts";
import { dispatch } from "./dispatch.ts";
import type { SignalingObserver } from "./observer.ts";
import type { Session } from "./session.ts";
import { Sessions } from "./sessions.ts";

/** Close code of our own: another connection sits here now (rule RE7). */
const CLOSE_TAKEN_OVER = 4001;

/** What an exchange is made with. */
export type ExchangeOptions = {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly observer: SignalingObserver;
  /** Rooms and reserved codes together. */
  readonly maxRooms: number;
  /** Participants of one room. */
  readonly maxParticipants: number;
  /** How long the seat of a lost connection is kept; 0: no resume. */
  readonly resumeGraceMs: number;
};

/** The rooms, and the sessions of those in them. */
export class Exchange {
  /** The rooms; REST reads them. */
  readonly registry: RoomRegistry;
  readonly #options: ExchangeOptions;
  readonly #sessions: Sessions;
  #broadcastsSince: number[] = [];
  #isClosing = false;

  /** No rooms at first. */
  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.registry = new RoomRegistry({
      ...options,
      deliver: (outbound) => this.#deliver(outbound),
    });
    this.#sessions = new Sessions({
      ...options,
      expired: ({ seat }) => this.#vacate(seat, "timeout"),
    });
  }

  /** Carries out a message and delivers what comes of it. */
  dispatch(connection: Connection, message: ClientMessage): void {
    this.#options.observer.messageReceived(message.type);
    try {
      if (message.type === "resume") this.#resume(connection, message);
      else this.#carryOut(connection, message);
    } catch (error) {
      this.#fail(connection, message, error);
    }
  }

  /** Queues one message for one connection. */
  send(connection: Connection, message: ServerMessage): void {
    const encoded = encode(message);
    if (connection.session === undefined) connection.queue(encoded);
    else connection.session.deliver(encoded, undefined);
    this.#options.observer.messageSent(message.type, 1);
  }

  /** Tells a reader who was behind what it missed, and how things stand now (rule BP2). */
  lagged(connection: Connection, dropped: number): void {
    this.send(connection, { type: "lagged", dropped });
    const { session } = connection;
    if (session === undefined) return;
    const { room, participant: { userId } } = session.seat;
    this.send(connection, { type: "snapshot", roomId: room.roomId, userId, ...room.roster });
  }

  /** A connection has ended: its participant leaves, or keeps its seat for a while (LE7, RE3). */
  ended(connection: Connection, { reason, isLost }: ConnectionEnd): void {
    const { session } = connection;
    if (session === undefined) return;
    const { seat } = session;
    if (isLost && this.#sessions.detach(session)) {
      return this.#deliver(seat.room.updateConnected(seat.participant, false));
    }
    this.#sessions.end(session);
    this.#vacate(seat, reason);
  }

  /** Ends a room for everyone in it (rule LE6). Throws ProtocolError when there is none. */
  endRoom(roomId: RoomId): void {
    const { seats, outbound } = this.registry.end(roomId);
    this.#deliver(outbound);
    for (const { participant } of seats) {
      const session = this.#sessions.of(participant);
      if (session !== undefined) this.#sessions.end(session);
    }
    this.#options.log.info("room ended", { roomId, participants: seats.length });
  }

  /** The server stops: nobody joins any more (rule ER4). */
  refuseJoins(): void {
    this.#isClosing = true;
  }

  /** Ends every session and forgets every room; nobody is told. */
  close(): void {
    this.#sessions.close();
    this.registry.close();
  }

  /** Everything queued in a turn is with the sockets: tells how long that took. */
  turnEnded(): void {
    if (this.#broadcastsSince.length === 0) return;
    const now = this.#options.clock.elapsed();
    const began = this.#broadcastsSince;
    this.#broadcastsSince = [];
    for (const at of began) this.#options.observer.fannedOut(now - at);
  }

  #carryOut(connection: Connection, message: Exclude<ClientMessage, { type: "resume" }>): void {
    if (this.#isClosing && message.type === "join") {
      throw new ProtocolError("server-shutting-down", "Cannot join: the server stops");
    }
    const { registry } = this;
    const { clock } = this.#options;
    const before = connection.session;
    const { outcome, seat } = dispatch({ registry, clock, seat: before?.seat }, message);
    if (before !== undefined && seat === undefined) this.#sessions.end(before);
    if (before === undefined && seat !== undefined) {
      this.#seat(connection, seat, { request: message, reply: outcome.reply });
    } else {
      this.#reply(connection, message, outcome.reply);
    }
    if (outcome.outbound.length > 0) this.#broadcastsSince.push(clock.elapsed());
    this.#deliver(outcome.outbound);
  }

  /** Begins the session of who just joined; only what comes after `joined` is numbered (RE2). */
  #seat(
    connection: Connection,
    seat: Seat,
    { request, reply }: { request: ClientMessage; reply: ServerMessage | undefined },
  ): void {
    const isResumable = request.type === "join" && request.resumable === true;
    const session = this.#sessions.begin(connection, seat, isResumable);
    const { resumeToken } = session;
    const { resumeGraceMs } = this.#options;
    const joined = reply?.type === "joined" && resumeToken !== undefined
      ? { ...reply, resumeToken, resumeGraceMs }
      : reply;
    this.#reply(connection, request, joined);
    connection.session = session;
    this.#logSession("joined", session);
  }

  /** Seats a new connection where a lost one sat, and sends what that one missed (rules RE4-RE7). */
  #resume(connection: Connection, message: ClientMessageOf<"resume">): void {
    if (connection.session !== undefined) {
      throw new ProtocolError("already-joined", "Cannot resume: the connection is in a room");
    }
    const { session, missed } = this.#sessions.find(message.resumeToken, message.lastSeq);
    const { room, participant } = session.seat;
    const outbound = room.updateConnected(participant, true);
    const before = this.#sessions.attach(session, connection);
    before?.close(CLOSE_TAKEN_OVER, "taken-over");
    this.#reply(connection, message, {
      type: "resumed",
      missed: missed?.length ?? 0,
      lastSeq: session.lastSeq,
      ...(missed === undefined ? { snapshot: room.roster } : {}),
    });
    for (const numbered of missed ?? []) connection.queue(numbered);
    connection.session = session;
    this.#deliver(outbound);
    this.#logSession("resumed", session);
  }

  /** Leaves a seat whose session has ended, and tells who stays. */
  #vacate(seat: Seat, reason: ConnectionEnd["reason"]): void {
    this.#deliver(this.registry.leave(seat, reason).outbound);
    const { room: { roomId }, participant: { userId } } = seat;
    this.#options.log.debug("left", { roomId, userId, reason });
  }

  #logSession(event: string, { connection, seat }: Session): void {
    const { room: { roomId }, participant: { userId } } = seat;
    this.#options.log.debug(event, { connectionId: connection?.id, roomId, userId });
  }

  /** Every request with an id is answered once (rule ME4). */
  #reply(connection: Connection, request: ClientMessage, reply: ServerMessage | undefined): void {
    const { requestId } = request;
    if (requestId === undefined) {
      if (reply !== undefined) this.send(connection, reply);
      return;
    }
    this.send(connection, { ...(reply ?? { type: "ok" }), requestId });
  }

  #fail(connection: Connection, request: ClientMessage, error: unknown): void {
    const { requestId } = request;
    const isExpected = error instanceof ProtocolError;
    const code = isExpected ? error.code : "internal-error";
    const message = isExpected ? error.message : `Cannot ${request.type}: a fault of the server`;
    if (!isExpected) {
      this.#options.log.error("request failed", { type: request.type, error: `${error}` });
    }
    this.#options.observer.errorRaised(code);
    const answer = { type: "error", code, message } as const;
    this.send(connection, requestId === undefined ? answer : { ...answer, requestId });
  }

  #deliver(outbound: readonly Outbound[]): void {
    for (const { to, message } of outbound) {
      if (to.length === 0) continue;
      const encoded = encode(message);
      const key = supersedingKey(message);
      for (const participant of to) this.#sessions.of(participant)?.deliver(encoded, key);
      this.#options.observer.messageSent(message.type, to.length);
    }
  }
}

/** What a newer message of the same key makes worthless (rule BP3). */
function supersedingKey(message: ServerMessage): string | undefined {
  switch (message.type) {
    case "stats-summary":
      return message.type;
    case "participant-updated":
      return `${message.state === undefined ? "connected" : "state"} ${message.userId}`;
    default:
      return undefined;
  }
}
