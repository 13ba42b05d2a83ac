/**
 * One client's connection: from its open socket to its end. It guards the door (size, shape, rate),
 * hands good messages to the dispatch, queues what is to be sent, and knows the seat it sits on. The
 * hub makes it and is told of its end exactly once.
 */
import {
  bannedNetwork,
  type Claims,
  type ClientOrigin,
  Expiry,
  networkOf,
  TokenBucket,
} from "../access/mod.ts";
import type { Clock, Logger } from "../base/mod.ts";
import {
  type ClientMessage,
  type ConnectionId,
  decode,
  type Decoded,
  type ErrorCode,
  type LeaveReason,
  MAX_CONSECUTIVE_ERRORS,
  MAX_RATE_LIMITED,
  RELAY_FACTOR,
  type RequestId,
  type ServerMessage,
  type ServerMessageOf,
} from "../protocol/mod.ts";
import type { Entry } from "../rooms/mod.ts";
import { FrameBucket } from "./frame_bucket.ts";
import { Inbox } from "./inbox.ts";
import { type FramePacker, Outbox } from "./outbox.ts";
import { ReaderWatch } from "./reader_watch.ts";
import type { FrameRefusal } from "./relay_fan_out.ts";
import type { SeatedConnection, Session } from "./session.ts";
import type { Socket } from "./socket.ts";

/** Close code: the client broke a bound (RFC 6455, section 7.4.1, policy violation). */
const CLOSE_POLICY = 1008;

/** What bounds a connection. */
export type ConnectionLimits = {
  readonly maxMessageBytes: number;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** What waits for a reader who is behind, in bytes of its text (rule BP2). */
  readonly maxBufferedBytes: number;
};

/** How a connection ended. */
export type ConnectionEnd = {
  /** Why its participant leaves, if it does. */
  readonly reason: LeaveReason;
  /** Nobody decided it: a participant who may resume keeps its seat (rule RE3). */
  readonly isLost: boolean;
};

/** What a connection asks of the hub. */
export interface ConnectionOwner {
  /** A message that passed the door; a promise, which never rejects, where it has to wait. */
  dispatch(connection: Connection, message: ClientMessage): void | Promise<void>;
  /** A binary frame. Returns why it is not taken, if so. */
  relay(connection: Connection, bytes: Uint8Array): FrameRefusal | undefined;
  /** Queues `message` for `connection`. */
  send(connection: Connection, message: ServerMessage): void;
  /** Has the connection flushed when the turn ends. */
  scheduleFlush(connection: Connection): void;
  /** Its reader is behind: it wants to be flushed again in a moment. */
  holdFlush(connection: Connection): void;
  /** Its reader keeps up again and has missed `dropped` messages (rule BP2). */
  lagged(connection: Connection, dropped: number): void;
  /** The connection is over. */
  ended(connection: Connection, end: ConnectionEnd): void;
  /** A frame was refused with `code`. */
  errorRaised(code: ErrorCode): void;
}

/** A connection that is open until it has ended. */
export class Connection implements SeatedConnection {
  /** Names it in `welcome` and in the log. */
  readonly id: ConnectionId;
  /** What is known of it when it joins. */
  readonly entry: Entry;
  /** Who shares its budget of wrong guesses. */
  readonly network: string;
  /** The stay of the participant who sits here; the sessions alone set it. */
  session: Session | undefined;
  /** See SeatedConnection. */
  isFrameSource = false;
  /** The relayed frames that it may send. */
  readonly frames: FrameBucket;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  #claims: Claims | undefined;
  readonly #expiry: Expiry;
  readonly #inbox: Inbox<ClientMessage>;
  readonly #bucket: TokenBucket;
  readonly #reader: ReaderWatch;
  readonly #limits: ConnectionLimits;
  readonly #log: Logger;
  #isOver = false;
  #refusedInRow = 0;

  /** Takes over an open socket. */
  constructor(options: {
    id: ConnectionId;
    owner: ConnectionOwner;
    socket: Socket;
    packer: FramePacker;
    limits: ConnectionLimits;
    clock: Clock;
    log: Logger;
    /** Where the socket comes from. Default unknown. */
    client?: ClientOrigin;
  }) {
    const { limits } = options;
    this.id = options.id;
    const address = options.client?.address;
    this.network = networkOf(address);
    this.#expiry = new Expiry(options.clock, {
      warn: (expiresAt) => this.#owner.send(this, { type: "token-expiring", expiresAt }),
      end: () => this.#expire(),
    });
    this.entry = { origin: { connectionId: options.id, network: bannedNetwork(address) } };
    this.#inbox = new Inbox((message) =>
      this.#isOver ? undefined : this.#owner.dispatch(this, message)
    );
    this.#owner = options.owner;
    this.#socket = options.socket;
    this.#outbox = new Outbox(options.socket, {
      packer: options.packer,
      maxHeldLength: limits.maxBufferedBytes,
    });
    this.#reader = new ReaderWatch(options.clock);
    this.#bucket = new TokenBucket(options.clock, {
      perSecond: limits.messagesPerSecond,
      burst: limits.messageBurst,
    });
    this.frames = new FrameBucket(options.clock, RELAY_FACTOR * limits.maxMessageBytes);
    this.#limits = limits;
    this.#log = options.log;
  }

  /** Whether the connection has ended; nothing is taken or queued any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the peer has taken everything that was sent. */
  get isDrained(): boolean {
    return this.#socket.bufferedBytes === 0;
  }

  /** See SeatedConnection. */
  get unreadBytes(): number {
    return this.#socket.bufferedBytes;
  }

  /** What its newest access token says, if it has one (rule TK7). */
  get claims(): Claims | undefined {
    return this.#claims;
  }

  /** Goes on with these claims, if there are any, until they end (rule TK6). */
  use(claims: Claims | undefined): void {
    if (this.#isOver || claims === undefined || claims === this.#claims) return;
    this.#claims = claims;
    this.#expiry.watch(claims.expiresAt);
  }

  /** Takes one text frame of the client. */
  receive(text: string): void {
    if (this.#isOver) return;
    const decoded = decode(text, this.#limits.maxMessageBytes);
    const requestId = decoded.ok ? decoded.message.requestId : decoded.requestId;
    const retryAfterMs = this.#bucket.take();
    if (retryAfterMs > 0) return this.#limit(requestId, retryAfterMs);
    if (!decoded.ok) return this.#refuse(decoded);
    this.#refusedInRow = 0;
    if (this.#inbox.take(decoded.message)) return;
    this.#limit(requestId, this.#bucket.missingMs());
  }

  /** Takes one binary frame of the client (rules CO7, FR6); nothing is answered to a good one. */
  receiveBytes(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const refusal = this.#owner.relay(this, bytes);
    if (refusal === undefined) {
      this.#refusedInRow = 0;
      return;
    }
    const retryAfterMs = this.#bucket.take();
    if (retryAfterMs > 0) return this.#limit(undefined, retryAfterMs);
    this.#refuse({ ok: false, ...refusal, requestId: undefined });
  }

  /** See SeatedConnection. What was said before goes first, so `relay-started` precedes its frames. */
  sendFrame(bytes: Uint8Array): void {
    this.flush();
    if (!this.#isOver) this.#socket.sendBytes(bytes);
  }

  /** Queues an encoded message until the turn ends; `key` names what a newer one supersedes. */
  queue(encoded: string, key?: string): void {
    if (this.#isOver) return;
    if (this.#outbox.push(encoded, key)) this.#owner.scheduleFlush(this);
  }

  /** Hands what is queued to the socket, unless its reader is behind or to be given up. */
  flush(): void {
    if (this.#isOver) return;
    // What earlier turns left unread; a burst of this turn is no fault of the reader.
    const unread = this.#socket.bufferedBytes;
    switch (this.#reader.look(unread)) {
      case "reads":
        return this.#catchUp();
      case "behind":
        this.#outbox.hold();
        return this.#owner.holdFlush(this);
      case "stalled":
        this.#log.warn("slow consumer", { connectionId: this.id, unread });
        this.#owner.errorRaised("slow-consumer");
        return this.#closeForPolicy("slow-consumer", "slow-consumer");
    }
  }

  /** The server ends the connection: what is queued still goes out, the seat is left at once. */
  close(code: number, closeReason: string): void {
    if (this.#isOver) return;
    this.#outbox.flush();
    this.#end({ reason: "disconnected", isLost: false });
    this.#socket.close(code, closeReason);
  }

  /** The socket is gone; `isClean` if with a closing handshake. */
  socketClosed({ isClean }: { isClean: boolean }): void {
    this.#end({ reason: "disconnected", isLost: !isClean });
  }

  #catchUp(): void {
    // What was held goes first; it is older than what is said of the gap.
    this.#outbox.flush();
    const dropped = this.#outbox.release();
    if (dropped === 0) return;
    this.#owner.lagged(this, dropped);
    this.#outbox.flush();
  }

  /** The client broke a bound: it hears why before the socket goes. */
  #closeForPolicy(code: ErrorCode, leaveReason: LeaveReason): void {
    if (this.#isOver) return;
    this.#outbox.flush();
    this.#end({ reason: leaveReason, isLost: false });
    this.#socket.closeLingering(CLOSE_POLICY, code);
  }

  #end(end: ConnectionEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#inbox.close();
    this.#expiry.close();
    this.#owner.ended(this, end);
  }

  /** Its token ended, and no other came in time (rule TK6). */
  #expire(): void {
    const message = "The access token has expired: connect with another";
    this.#answer({ type: "error", code: "bad-token", message }, undefined);
    this.#closeForPolicy("bad-token", "disconnected");
  }

  #refuse(refused: Decoded & { ok: false }): void {
    const { code, message, requestId } = refused;
    this.#log.debug("frame refused", { connectionId: this.id, code });
    this.#answer({ type: "error", code, message }, requestId);
    if (++this.#refusedInRow < MAX_CONSECUTIVE_ERRORS) return;
    this.#log.warn("connection closed", { connectionId: this.id, reason: code });
    this.#closeForPolicy(code, "disconnected");
  }

  #limit(requestId: RequestId | undefined, retryAfterMs: number): void {
    const message = `Cannot take more than ${this.#limits.messagesPerSecond} messages a second`;
    this.#answer({ type: "error", code: "rate-limited", message, retryAfterMs }, requestId);
    if (this.#bucket.refused < MAX_RATE_LIMITED) return;
    this.#log.warn("connection closed", { connectionId: this.id, reason: "rate-limited" });
    this.#closeForPolicy("rate-limited", "disconnected");
  }

  #answer(error: ServerMessageOf<"error">, requestId: RequestId | undefined): void {
    this.#owner.errorRaised(error.code);
    this.#owner.send(this, requestId === undefined ? error : { ...error, requestId });
  }
}
