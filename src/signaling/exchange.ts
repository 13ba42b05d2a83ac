/**
 * Between connections and rooms: it carries out what a connection asks, answers it, and has delivered
 * what comes of it. It begins and ends the sessions. The hub owns one and brings the connections;
 * nothing here knows sockets.
 */
import { badToken } from "../access/mod.ts";
import type { Clock, Logger, Random } from "../base/mod.ts";
import type { MediaPlane } from "../media/port.ts";
import {
  type ClientMessage,
  type ClientMessageOf,
  type IceServer,
  ProtocolError,
  type RoomId,
  type ServerMessage,
  type ServerMessageOf,
  type UserId,
} from "../protocol/mod.ts";
import {
  type Origin,
  type Outcome,
  type PictureWatch,
  type PictureWatcher,
  RoomRegistry,
  type Seat,
  type TopologyMode,
} from "../rooms/mod.ts";
import type { TurnCredentials } from "../turn/port.ts";
import { type AccessOptions, Admission, type Prepared } from "./admission.ts";
import { answerTo } from "./answer.ts";
import type { Connection, ConnectionEnd } from "./connection.ts";
import { Delivery } from "./delivery.ts";
import { dispatch } from "./dispatch.ts";
import { FanOutTimes } from "./fan_out_times.ts";
import type { RoomListener, SignalingObserver } from "./observer.ts";
import { Onlookers } from "./onlookers.ts";
import { type FrameRefusal, RelayFanOut } from "./relay_fan_out.ts";
import type { Session } from "./session.ts";
import { Sessions } from "./sessions.ts";
import { type SocketlessOptions, type SocketlessSeat, SocketlessSeats } from "./socketless.ts";

/** Close code of our own: another connection sits here now (rule RE7). */
const CLOSE_TAKEN_OVER = 4001;

/** What an exchange is made with. */
export type ExchangeOptions = AccessOptions & {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly observer: SignalingObserver;
  /** Hears what becomes of rooms. Default nobody. */
  readonly roomListener?: RoomListener | undefined;
  /** Rooms and reserved codes together. */
  readonly maxRooms: number;
  /** Participants of one room. */
  readonly maxParticipants: number;
  /** Longest relayed frame, header included. */
  readonly maxFrameBytes: number;
  /** How long the seat of a lost connection is kept; 0: no resume. */
  readonly resumeGraceMs: number;
  /** Carries media through the server. Default nothing does. */
  readonly media?: MediaPlane | undefined;
  /** When it does (rule TO1). Default `auto`. */
  readonly topology?: TopologyMode | undefined;
  /** STUN and TURN servers for everybody. */
  readonly iceServers: readonly IceServer[];
  /** Makes TURN credentials for each participant (rule IC1). Default none are made. */
  readonly turn?: TurnCredentials | undefined;
};

/** Whose pictures somebody watches, and how. */
export type PictureWatchOptions = PictureWatcher & {
  readonly roomId: RoomId;
  readonly userId: UserId;
};

/** The rooms, and the sessions of those in them. */
export class Exchange {
  /** The rooms; REST reads them. */
  readonly registry: RoomRegistry;
  /** What comes before the rooms; REST asks it for a room. */
  readonly admission: Admission;
  /** Who sees rooms from outside; HTTP asks it. */
  readonly onlookers: Onlookers;
  readonly #options: ExchangeOptions;
  readonly #sessions: Sessions;
  readonly #socketless: SocketlessSeats;
  readonly #delivery: Delivery;
  readonly #relay: RelayFanOut;
  readonly #fanOutTimes: FanOutTimes;
  #isClosing = false;

  /** No rooms at first. */
  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.registry = new RoomRegistry({
      ...options,
      deliver: (outbound) => this.#delivery.deliver(outbound),
    });
    this.#fanOutTimes = new FanOutTimes(options);
    this.admission = new Admission(this.registry, options);
    this.onlookers = new Onlookers(this.registry, this.admission);
    this.#sessions = new Sessions({
      ...options,
      expired: ({ seat }) => this.#vacate(seat, "timeout"),
    });
    this.#socketless = new SocketlessSeats({
      ...options,
      registry: this.registry,
      admission: this.admission,
      refuseWhileClosing: () => this.#refuseWhileClosing(),
      tell: (outcome) => {
        this.#report(outcome);
        this.#tell(outcome);
      },
    });
    this.#delivery = new Delivery({
      ...options,
      sessions: this.#sessions,
      socketless: this.#socketless,
    });
    this.#relay = new RelayFanOut({
      ...options,
      sessions: this.#sessions,
      deliver: (outbound) => this.#delivery.deliver(outbound),
    });
  }

  /** How many stays there are, and how many of them wait for their participant to come back. */
  get sessionCounts(): { readonly all: number; readonly detached: number } {
    return { all: this.#sessions.size, detached: this.#sessions.detachedCount };
  }

  /** Carries out a message and delivers what comes of it. */
  dispatch(connection: Connection, message: ClientMessage): void | Promise<void> {
    this.#options.observer.messageReceived(message.type);
    const carryOut = (prepared: Prepared) => this.#carryOut(connection, prepared);
    const fail = (error: unknown) => this.#fail(connection, message, error);
    try {
      if (message.type === "resume") return this.#resume(connection, message);
      const { entry, network, claims, session } = connection;
      const applicant = { entry, network, claims, seat: session?.seat };
      const prepared = this.admission.prepare(applicant, message);
      if (!(prepared instanceof Promise)) return carryOut(prepared);
      return prepared.then(carryOut).catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  /** Passes on a binary frame. Returns why it is not taken, if so. */
  relay(connection: Connection, bytes: Uint8Array): FrameRefusal | undefined {
    return this.#relay.take(connection, bytes);
  }

  /** Watches the pictures of a participant, see `Hub`. Throws ProtocolError. */
  watchPictures({ roomId, userId, ...watcher }: PictureWatchOptions): PictureWatch {
    const room = this.registry.get(roomId);
    if (room !== undefined) return room.frameRelay.watch(userId, watcher);
    throw new ProtocolError("room-not-found", `Cannot watch "${userId}": no room "${roomId}"`);
  }

  /** Queues one message for one connection. */
  send(connection: Connection, message: ServerMessage): void {
    this.#delivery.send(connection, message);
  }

  /** Tells a reader who was behind what it missed, and how things stand now (rule BP2). */
  lagged(connection: Connection, dropped: number): void {
    this.send(connection, { type: "lagged", dropped });
    const { session } = connection;
    if (session === undefined) return;
    const { room, participant: { userId } } = session.seat;
    this.send(connection, { type: "snapshot", roomId: room.roomId, userId, ...room.roster });
    this.#sendMediaAgain(connection, session);
    this.#delivery.deliver(room.frameRelay.again(session.seat.participant));
  }

  /**
   * Has somebody enter without a socket, under the rules of a join. The seat is a member of its room
   * until `leave`, or until `ended` is called. Rejects with ProtocolError.
   */
  enterWithoutSocket(
    message: ClientMessageOf<"join">,
    options: SocketlessOptions,
  ): Promise<SocketlessSeat> {
    return this.#socketless.enter(message, options);
  }

  /** A connection has ended: its participant leaves, or keeps its seat for a while (LE7, RE3). */
  ended(connection: Connection, { reason, isLost }: ConnectionEnd): void {
    const { session } = connection;
    if (session === undefined) return;
    const { seat } = session;
    if (isLost && this.#sessions.detach(session)) {
      return this.#delivery.deliver(seat.room.updateConnected(seat.participant, false));
    }
    this.#sessions.end(session);
    this.#vacate(seat, reason);
  }

  /** Ends a room for everyone in it (rule LE6). Throws ProtocolError when there is none. */
  endRoom(roomId: RoomId): void {
    const ending = this.registry.end(roomId);
    this.#report(ending);
    this.#tell(ending);
    this.#options.log.info("room ended", { roomId, participants: ending.unseated.length });
  }

  /** Kicks one for the administrator (rule KI5). Throws ProtocolError when there is none. */
  kick(roomId: RoomId, userId: UserId): void {
    const outcome = this.registry.kick(roomId, userId);
    this.#report(outcome);
    this.#tell(outcome);
    this.#options.log.info("kicked by the administrator", { roomId, userId });
  }

  /** The server stops: nobody joins any more (rule ER4). */
  refuseJoins(): void {
    this.#isClosing = true;
  }

  /** Ends every session and every room; none of the members is told. */
  close(): void {
    this.#sessions.close();
    this.#socketless.close();
    for (const { roomId } of this.registry.rooms()) this.#report(this.registry.end(roomId));
    this.registry.close();
  }

  /** Everything queued in a turn is with the sockets: tells how long that took. */
  turnEnded(): void {
    this.#fanOutTimes.end();
  }

  #carryOut(
    connection: Connection,
    { message, entry, claims }: Prepared,
  ): void | Promise<void> {
    // What had to be prepared took its time; `resume` needs nothing prepared.
    if (connection.isOver || message.type === "resume") return;
    connection.use(claims);
    if (message.type === "join") this.#refuseWhileClosing();
    const { registry } = this;
    const { clock } = this.#options;
    const before = connection.session;
    const context = { registry, clock, seat: before?.seat, entry, expiresAt: claims?.expiresAt };
    const { outcome, seat } = dispatch(context, message);
    if (outcome instanceof Promise) return this.#replyLater(connection, message, outcome);
    this.#report(outcome);
    if (before !== undefined && seat === undefined) this.#sessions.end(before);
    if (before === undefined && seat !== undefined) {
      this.#seat(connection, seat, { request: message, reply: outcome.reply });
    } else {
      this.#delivery.reply(connection, message, outcome.reply);
    }
    if (outcome.outbound.length > 0) this.#fanOutTimes.begin();
    this.#tell(outcome);
  }

  /**
   * Waits for what the media plane says of a request. Its sender may sit on another connection by
   * then, or have its seat kept: the reply goes where its other messages go. Never rejects.
   */
  async #replyLater(
    connection: Connection,
    request: ClientMessage,
    pending: Promise<Outcome>,
  ): Promise<void> {
    const { session } = connection;
    let reply: ServerMessage | undefined;
    try {
      ({ reply } = await pending);
    } catch (error) {
      reply = this.#answerTo(error, request);
    }
    const isSeated = session !== undefined &&
      this.#sessions.of(session.seat.participant) === session;
    if (isSeated) return this.#delivery.reply(session, request, reply);
    const gone = new ProtocolError("not-joined", `Cannot ${request.type}: the seat is gone`);
    this.#fail(connection, request, gone);
  }

  #refuseWhileClosing(): void {
    if (!this.#isClosing) return;
    throw new ProtocolError("server-shutting-down", "Cannot join: the server stops");
  }

  /**
   * Tells the listener, ahead of everything else: saying something to a member can end the stay of
   * one that does not read, and what comes of that is later.
   */
  #report({ events = [] }: Pick<Outcome, "events">): void {
    for (const event of events) this.#options.roomListener?.happened(event);
  }

  /** Says what is to be said, then ends the sessions of those who lost their seats by it. */
  #tell({ outbound, unseated = [] }: Pick<Outcome, "outbound" | "unseated">): void {
    this.#delivery.deliver(outbound);
    for (const participant of unseated) {
      const session = this.#sessions.of(participant);
      if (session !== undefined) this.#sessions.end(session);
    }
  }

  /** Begins the session of who just joined; only what comes after `joined` is numbered (RE2). */
  #seat(
    connection: Connection,
    seat: Seat,
    { request, reply }: { request: ClientMessage; reply: ServerMessage | undefined },
  ): void {
    const isResumable = request.type === "join" && request.resumable === true;
    const session = this.#sessions.begin(connection, seat, isResumable);
    const joined = reply?.type === "joined" ? this.#delivery.completed(session, reply) : reply;
    this.#delivery.reply(connection, request, joined);
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
    refuseOthersSeat(connection, session);
    participant.moveTo(originOf(connection));
    const outbound = room.updateConnected(participant, true);
    const before = this.#sessions.attach(session, connection);
    before?.close(CLOSE_TAKEN_OVER, "taken-over");
    this.#delivery.reply(connection, message, {
      type: "resumed",
      missed: missed?.length ?? 0,
      lastSeq: session.lastSeq,
      ...(missed === undefined ? { snapshot: room.roster } : {}),
    });
    for (const numbered of missed ?? []) connection.queue(numbered);
    connection.session = session;
    if (missed === undefined) this.#sendMediaAgain(connection, session);
    this.#delivery.deliver(room.frameRelay.resumed(participant));
    this.#delivery.deliver(outbound);
    this.#logSession("resumed", session);
  }

  /** Leaves a seat whose session has ended, and tells who stays. */
  #vacate(seat: Seat, reason: ConnectionEnd["reason"]): void {
    const outcome = this.registry.leave(seat, reason);
    this.#report(outcome);
    this.#tell(outcome);
    const { room: { roomId }, participant: { userId } } = seat;
    this.#options.log.debug("left", { roomId, userId, reason });
  }

  #logSession(event: string, { connection, seat }: Session): void {
    const { room: { roomId }, participant: { userId } } = seat;
    this.#options.log.debug(event, { connectionId: connection?.id, roomId, userId });
  }

  /** What a snapshot does not show of its media, for one that may have missed it (rule SB7). */
  #sendMediaAgain(connection: Connection, { seat: { room, participant } }: Session): void {
    for (const message of room.media.again(participant)) this.send(connection, message);
  }

  #fail(connection: Connection, request: ClientMessage, error: unknown): void {
    this.send(connection, this.#answerTo(error, request));
  }

  #answerTo(error: unknown, request: ClientMessage): ServerMessageOf<"error"> {
    const answer = answerTo(error, request);
    if (answer.code === "internal-error") {
      this.#options.log.error("request failed", { type: request.type, error: `${error}` });
    }
    this.#options.observer.errorRaised(answer.code);
    return answer;
  }
}

/** The access token of a connection has to be one for the seat that it resumes (rule TK8). */
function refuseOthersSeat({ claims }: Connection, { seat: { room, participant } }: Session): void {
  if (claims === undefined) return;
  if (claims.roomId === room.roomId && claims.userId === participant.userId) return;
  throw badToken("it is of another user id or room", "Cannot resume");
}

/** What a ban holds against who sits on a connection; a token vouches for the user id (rule KI3). */
function originOf({ entry: { origin = {} }, claims }: Connection): Origin {
  return claims === undefined ? origin : { ...origin, network: undefined };
}
