/**
 * All connections, from their socket to their end: it welcomes them within the server's capacity, has
 * them flushed once a turn, and ends them when the server stops. What they say goes through its
 * exchange. The application makes one; the upgrade route gives it sockets.
 */
import type { ClientOrigin } from "../access/mod.ts";
import type { Clock, Logger, Random } from "../base/mod.ts";
import type { MediaPlane } from "../media/port.ts";
import {
  type ClientMessage,
  type ClientMessageOf,
  connectionIdFrom,
  type ErrorCode,
  type IceServer,
  type Limits,
  RELAY_FACTOR,
  type RoomId,
  type ServerMessage,
  type UserId,
} from "../protocol/mod.ts";
import type { PictureWatch, RoomRegistry, TopologyMode } from "../rooms/mod.ts";
import type { TurnCredentials } from "../turn/port.ts";
import {
  Connection,
  type ConnectionEnd,
  type ConnectionLimits,
  type ConnectionOwner,
} from "./connection.ts";
import { Exchange, type PictureWatchOptions } from "./exchange.ts";
import type { RoomListener, SignalingObserver } from "./observer.ts";
import type { AccessOptions, Admission } from "./admission.ts";
import type { Onlookers } from "./onlookers.ts";
import { FramePacker, OutboxSchedule } from "./outbox.ts";
import type { FrameRefusal } from "./relay_fan_out.ts";
import type { Socket, SocketListener } from "./socket.ts";
import type { SocketlessOptions, SocketlessSeat } from "./socketless.ts";
import { welcomeTo } from "./welcome.ts";

/** Characters of a connection id: 72 bits, unguessable. */
const CONNECTION_ID_LENGTH = 12;
/** Close code: the server restarts or stops (IANA WebSocket close code registry). */
const CLOSE_SERVICE_RESTART = 1012;
/** Close code: over capacity, try again later (IANA WebSocket close code registry). */
const CLOSE_TRY_AGAIN_LATER = 1013;
/** A stopping server asks its clients back at about this rate: a join costs some 0.2 ms. */
const RETURNS_PER_SECOND = 1_000;
/** Nobody waits longer than this beyond the least, however many they are. */
const MAX_SPREAD_MS = 20_000;
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
  /** Hears what becomes of rooms. Default nobody. */
  readonly roomListener?: RoomListener | undefined;
  readonly iceServers: readonly IceServer[];
  /** Makes TURN credentials for each client (rule IC1). Default none are made. */
  readonly turn?: TurnCredentials | undefined;
  readonly heartbeatMs: number;
  /** How long the seat of a lost connection is kept; 0: no resume. */
  readonly resumeGraceMs: number;
  readonly maxConnections: number;
  readonly maxRooms: number;
  /** Carries media through the server; whoever made it closes it. Default nothing does. */
  readonly media?: MediaPlane | undefined;
  /** When it does (rule TO1). Default `auto`. */
  readonly topology?: TopologyMode | undefined;
  readonly limits: Limits & ConnectionLimits;
};

/** The meeting point of connections and rooms. */
export class Hub implements ConnectionOwner {
  readonly #options: HubOptions;
  readonly #connections = new Set<Connection>();
  readonly #exchange: Exchange;
  readonly #schedule: OutboxSchedule;
  readonly #packer = new FramePacker();
  #openSockets = 0;
  #isClosing = false;

  /** No connections at first. */
  constructor(options: HubOptions) {
    this.#options = options;
    const { maxParticipants, maxMessageBytes } = options.limits;
    const maxFrameBytes = RELAY_FACTOR * maxMessageBytes;
    this.#exchange = new Exchange({ ...options, maxParticipants, maxFrameBytes });
    this.#schedule = new OutboxSchedule(options.clock, () => {
      this.#packer.forget();
      this.#exchange.turnEnded();
    });
  }

  /** The rooms; REST reads them. */
  get registry(): RoomRegistry {
    return this.#exchange.registry;
  }

  /** What comes before the rooms; REST asks it for a room. */
  get admission(): Admission {
    return this.#exchange.admission;
  }

  /** Who sees rooms from outside; HTTP asks it. */
  get onlookers(): Onlookers {
    return this.#exchange.onlookers;
  }

  /** How many connections are open. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** How many sockets are open; those of connections that are over linger a moment. */
  get socketCount(): number {
    return this.#openSockets;
  }

  /** How many stays there are, and how many of them wait for their participant to come back. */
  get sessionCounts(): { readonly all: number; readonly detached: number } {
    return this.#exchange.sessionCounts;
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
      onBytes: (bytes) => connection?.receiveBytes(bytes),
      onClosed: (end) => {
        this.#openSockets--;
        connection?.socketClosed(end);
      },
    };
  }

  /**
   * Ends everything (rule ER4): everyone is told to come back after `reconnectAfterMs` or somewhat
   * later, each at its own time; what is queued goes out within `drainMs`, then the sockets are closed. Idempotent; never rejects.
   */
  async close(options: { reconnectAfterMs: number; drainMs: number }): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#exchange.refuseJoins();
    const code = "server-shutting-down";
    const message = "The server stops: reconnect in a moment";
    const connections = [...this.#connections];
    const spreadMs = Math.min(MAX_SPREAD_MS, connections.length * 1000 / RETURNS_PER_SECOND);
    for (const connection of connections) {
      const laterMs = this.#options.random.below(Math.ceil(spreadMs));
      const reconnectAfterMs = options.reconnectAfterMs + laterMs;
      this.send(connection, { type: "error", code, message, reconnectAfterMs });
      connection.flush();
    }
    await this.#waitWhile(
      options.drainMs,
      () => connections.some((connection) => !connection.isOver && !connection.isDrained),
    );
    // Everyone goes, so nobody is told that the others left: the sessions go first.
    this.#exchange.close();
    this.#schedule.close();
    for (const connection of [...this.#connections]) {
      connection.close(CLOSE_SERVICE_RESTART, code);
    }
    await this.#waitWhile(CLOSE_WAIT_MS, () => this.#openSockets > 0);
  }

  /** Ends a room for everyone in it (rule LE6). Throws ProtocolError when there is none. */
  endRoom(roomId: RoomId): void {
    this.#exchange.endRoom(roomId);
  }

  /** Kicks one for the administrator (rule KI5). Throws ProtocolError when there is none. */
  kick(roomId: RoomId, userId: UserId): void {
    this.#exchange.kick(roomId, userId);
  }

  /**
   * Has somebody enter a room without a socket, under the rules of a join. The seat is a member of its
   * room until `leave`, or until `ended` is called. Rejects with ProtocolError.
   */
  enterWithoutSocket(
    message: ClientMessageOf<"join">,
    options: SocketlessOptions,
  ): Promise<SocketlessSeat> {
    return this.#exchange.enterWithoutSocket(message, options);
  }

  /**
   * Watches the single pictures (JPEG) that a participant sends over its socket while anybody does,
   * without being a member. Throws ProtocolError: `room-not-found`, `no-such-participant`, or
   * `media-failed` where it did not say that it can (rule FR1).
   */
  watchPictures(options: PictureWatchOptions): PictureWatch {
    return this.#exchange.watchPictures(options);
  }

  /** See ConnectionOwner. */
  dispatch(connection: Connection, message: ClientMessage): void | Promise<void> {
    return this.#exchange.dispatch(connection, message);
  }

  /** See ConnectionOwner. */
  relay(connection: Connection, bytes: Uint8Array): FrameRefusal | undefined {
    return this.#exchange.relay(connection, bytes);
  }

  /** See ConnectionOwner. */
  send(connection: Connection, message: ServerMessage): void {
    this.#exchange.send(connection, message);
  }

  /** See ConnectionOwner. */
  lagged(connection: Connection, dropped: number): void {
    this.#exchange.lagged(connection, dropped);
  }

  /** See ConnectionOwner. */
  ended(connection: Connection, end: ConnectionEnd): void {
    this.#connections.delete(connection);
    this.#options.observer.connectionClosed();
    this.#exchange.ended(connection, end);
  }

  /** Has `connection` flushed when the turn ends. */
  scheduleFlush(connection: Connection): void {
    this.#schedule.add(connection);
  }

  /** Has `connection` flushed again in a moment. */
  holdFlush(connection: Connection): void {
    this.#schedule.hold(connection);
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
}
