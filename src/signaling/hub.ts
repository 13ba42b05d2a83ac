/**
 * All connections and what flows between them and the rooms: it welcomes, dispatches, encodes each
 * broadcast once, delivers it to the seats it is for, and ends everything when the server stops. The
 * application makes one; the upgrade route gives it sockets.
 */
import type { ClientOrigin } from "../access/mod.ts";
import type { Clock, Logger, Random } from "../base/mod.ts";
import {
  type ClientMessage,
  connectionIdFrom,
  encode,
  type ErrorCode,
  type IceServer,
  type LeaveReason,
  type Limits,
  ProtocolError,
  type RoomId,
  type ServerMessage,
} from "../protocol/mod.ts";
import { type Outbound, type Outcome, type Participant, RoomRegistry } from "../rooms/mod.ts";
import { type AccessOptions, Admission, type Prepared } from "./admission.ts";
import { answerTo } from "./answer.ts";
import { Connection, type ConnectionLimits, type ConnectionOwner } from "./connection.ts";
import { dispatch } from "./dispatch.ts";
import type { SignalingObserver } from "./observer.ts";
import { FramePacker, OutboxSchedule } from "./outbox.ts";
import type { Socket, SocketListener } from "./socket.ts";
import { FanOutTimes } from "./fan_out_times.ts";
import { welcomeTo } from "./welcome.ts";

/** Characters of a connection id: 72 bits, unguessable. */
const CONNECTION_ID_LENGTH = 12;
/** Close code: the server restarts or stops (IANA WebSocket close code registry). */
const CLOSE_SERVICE_RESTART = 1012;
/** Close code: over capacity, try again later (IANA WebSocket close code registry). */
const CLOSE_TRY_AGAIN_LATER = 1013;
/** How often a stopping server looks whether the outboxes are drained and the sockets closed. */
const POLL_MS = 10;
/** How long a stopping server waits for the closing handshakes; a stalled peer never answers. */
const CLOSE_WAIT_MS = 500;

/** What a hub is made with. */
export type HubOptions = AccessOptions & {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly observer: SignalingObserver;
  readonly iceServers: readonly IceServer[];
  readonly heartbeatMs: number;
  readonly maxConnections: number;
  readonly maxRooms: number;
  readonly limits: Limits & ConnectionLimits;
};

/** The meeting point of connections and rooms. */
export class Hub implements ConnectionOwner {
  /** The rooms; REST reads them. */
  readonly registry: RoomRegistry;
  /** What comes before the rooms; REST asks it for a room. */
  readonly admission: Admission;
  readonly #options: HubOptions;
  readonly #connections = new Set<Connection>();
  readonly #seats = new Map<Participant, Connection>();
  readonly #schedule: OutboxSchedule;
  readonly #packer = new FramePacker();
  readonly #fanOutTimes: FanOutTimes;
  #openSockets = 0;
  #isClosing = false;

  /** No connections at first. */
  constructor(options: HubOptions) {
    this.#options = options;
    this.registry = new RoomRegistry({
      clock: options.clock,
      random: options.random,
      maxRooms: options.maxRooms,
      maxParticipants: options.limits.maxParticipants,
      deliver: (outbound) => this.#deliver(outbound),
    });
    this.#fanOutTimes = new FanOutTimes(options);
    this.admission = new Admission(this.registry, options);
    this.#schedule = new OutboxSchedule(options.clock, () => {
      this.#packer.forget();
      this.#fanOutTimes.end();
    });
  }

  /** How many connections are open. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Why no further connection can be taken, if so. */
  get refusal(): "server-shutting-down" | "too-many-connections" | undefined {
    if (this.#isClosing) return "server-shutting-down";
    if (this.#connections.size >= this.#options.maxConnections) return "too-many-connections";
    return undefined;
  }

  /** A listener for one socket; its connection begins when the socket opens. */
  listener(client: ClientOrigin = {}): SocketListener {
    let connection: Connection | undefined;
    return {
      onOpen: (socket) => {
        this.#openSockets++;
        connection = this.#open(socket, client);
      },
      onFrame: (text) => connection?.receive(text),
      onClosed: () => {
        this.#openSockets--;
        connection?.socketClosed();
      },
    };
  }

  /** Ends a room for everyone in it (rule LE6). Throws ProtocolError when there is none. */
  endRoom(roomId: RoomId): void {
    const ending = this.registry.end(roomId);
    this.#carryOut(ending);
    this.#options.log.info("room ended", { roomId, participants: ending.unseated.length });
  }

  /**
   * Ends everything (rule ER4): everyone is told to come back after `reconnectAfterMs`, what is
   * queued goes out within `drainMs`, then the sockets are closed. Idempotent; never rejects.
   */
  async close(options: { reconnectAfterMs: number; drainMs: number }): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const code = "server-shutting-down";
    const { reconnectAfterMs } = options;
    const message = "The server stops: reconnect in a moment";
    const connections = [...this.#connections];
    this.#sendTo(connections, { type: "error", code, message, reconnectAfterMs });
    for (const connection of connections) connection.flush();
    await this.#waitWhile(
      options.drainMs,
      () => connections.some((connection) => !connection.isOver && !connection.isDrained),
    );
    // Everyone goes, so nobody is told that the others left: the seats go first.
    for (const connection of this.#connections) connection.seat = undefined;
    this.#seats.clear();
    this.registry.close();
    for (const connection of [...this.#connections]) {
      connection.close(CLOSE_SERVICE_RESTART, code);
    }
    await this.#waitWhile(CLOSE_WAIT_MS, () => this.#openSockets > 0);
  }

  /** Carries out a message and delivers what comes of it. */
  dispatch(connection: Connection, message: ClientMessage): void | Promise<void> {
    this.#options.observer.messageReceived(message.type);
    try {
      const prepared = this.admission.prepare(connection, message);
      if (!(prepared instanceof Promise)) return this.#dispatchPrepared(connection, prepared);
      return prepared.then(
        (prepared) => this.#dispatchPrepared(connection, prepared),
        (error) => this.#fail(connection, message, error),
      );
    } catch (error) {
      this.#fail(connection, message, error);
    }
  }

  #dispatchPrepared(connection: Connection, { message, entry, claims }: Prepared): void {
    if (connection.isOver) return;
    connection.use(claims);
    const { clock, log } = this.#options;
    const before = connection.seat;
    try {
      if (this.#isClosing && message.type === "join") {
        throw new ProtocolError("server-shutting-down", "Cannot join: the server stops");
      }
      const context = {
        registry: this.registry,
        clock,
        seat: before,
        entry,
        expiresAt: claims?.expiresAt,
      };
      const { outcome, seat } = dispatch(context, message);
      if (seat !== before) this.#reseat(connection, seat);
      this.#reply(connection, message, outcome.reply);
      if (outcome.outbound.length > 0) this.#fanOutTimes.begin();
      this.#carryOut(outcome);
      if (seat !== before) {
        const { room: { roomId }, participant: { userId } } = (seat ?? before)!;
        log.debug(message.type, { connectionId: connection.id, roomId, userId });
      }
    } catch (error) {
      this.#fail(connection, message, error);
    }
  }

  /** Queues one message for one connection. */
  send(connection: Connection, message: ServerMessage): void {
    this.#sendTo([connection], message);
  }

  /** Has `connection` flushed when the turn ends. */
  scheduleFlush(connection: Connection): void {
    this.#schedule.add(connection);
  }

  /** Takes a connection out: its participant leaves, the others are told (rules LE3, LE7). */
  ended(connection: Connection, reason: LeaveReason): void {
    this.#connections.delete(connection);
    this.#options.observer.connectionClosed();
    const { seat } = connection;
    if (seat === undefined) return;
    this.#reseat(connection, undefined);
    this.#carryOut(this.registry.leave(seat, reason));
    const { room: { roomId }, participant: { userId } } = seat;
    this.#options.log.debug("left", { connectionId: connection.id, roomId, userId, reason });
  }

  /** Counts an error that a connection answered by itself. */
  errorRaised(code: ErrorCode): void {
    this.#options.observer.errorRaised(code);
  }

  async #waitWhile(maxMs: number, isBusy: () => boolean): Promise<void> {
    const { clock } = this.#options;
    const endAt = clock.elapsed() + maxMs;
    while (isBusy() && clock.elapsed() < endAt) {
      await new Promise<void>((resolve) => clock.after(POLL_MS, resolve));
    }
  }

  #open(socket: Socket, client: ClientOrigin): Connection | undefined {
    const { clock, random, limits, observer, log } = this.#options;
    // The upgrade route looked already; a burst of handshakes can still arrive together.
    const { refusal } = this;
    if (refusal !== undefined) {
      observer.errorRaised(refusal);
      socket.close(CLOSE_TRY_AGAIN_LATER, refusal);
      return undefined;
    }
    const id = connectionIdFrom(random.id(CONNECTION_ID_LENGTH));
    const shared = { owner: this, packer: this.#packer, limits, clock, log };
    const connection = new Connection({ ...shared, id, socket, client });
    this.#connections.add(connection);
    observer.connectionOpened();
    this.send(connection, welcomeTo(id, this.#options));
    connection.use(client.claims);
    return connection;
  }

  #reseat(connection: Connection, seat: Connection["seat"]): void {
    if (connection.seat !== undefined) this.#seats.delete(connection.seat.participant);
    if (seat !== undefined) this.#seats.set(seat.participant, connection);
    connection.seat = seat;
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
    const answer = answerTo(error, request);
    if (answer.code === "internal-error") {
      this.#options.log.error("request failed", { type: request.type, error: `${error}` });
    }
    this.errorRaised(answer.code);
    this.send(connection, answer);
  }

  /** Says what is to be said, then frees the connections of those who lost their seats by it. */
  #carryOut({ outbound, unseated = [] }: Pick<Outcome, "outbound" | "unseated">): void {
    this.#deliver(outbound);
    for (const participant of unseated) {
      const connection = this.#seats.get(participant);
      if (connection !== undefined) this.#reseat(connection, undefined);
    }
  }

  #deliver(outbound: readonly Outbound[]): void {
    for (const { to, message } of outbound) {
      const connections: Connection[] = [];
      for (const participant of to) {
        const connection = this.#seats.get(participant);
        if (connection !== undefined) connections.push(connection);
      }
      this.#sendTo(connections, message);
    }
  }

  #sendTo(connections: readonly Connection[], message: ServerMessage): void {
    if (connections.length === 0) return;
    const encoded = encode(message);
    for (const connection of connections) connection.queue(encoded);
    this.#options.observer.messageSent(message.type, connections.length);
  }
}
