/**
 * One participant of the page: a WebSocket that finds its way back. It connects, joins and leaves as
 * told, reconnects after an unclean end with growing pauses, and takes its seat again, or rejoins the
 * room where the seat is gone (rules RE1-RE9). No DOM:
 * the socket, the clock and the randomness come from outside.
 */
import type { ClientMessage, ServerMessage, ServerMessageOf } from "../../src/protocol/mod.ts";
import { unpackFrame } from "../../src/protocol/wire.ts";
import { pauseBeforeAttempt } from "../../src/protocol/reconnect.ts";
import type { FrameSocket } from "../call/relay/frame_sink.ts";
import { ResumePoint, type ResumeRequest } from "../../src/protocol/resume_point.ts";
import type { Cancel } from "./clock.ts";
import { KeepAlive } from "./keep_alive.ts";
import { asServerMessage, isRecord } from "./server_message.ts";
import type { JoinRequest, SessionOptions, SessionState } from "./session_state.ts";
import type { Socket } from "./socket.ts";

/** A server that accepted a connection says `welcome` at once; one that does not is not ours. */
export const WELCOME_TIMEOUT_MS = 10_000;
/** A connection that lived this long was a good one: the next pause starts small again. */
export const STABLE_MS = 10_000;
/** A stopping server closes the connection itself; after this long it is not waited for. */
export const SHUTDOWN_WAIT_MS = 5_000;
/** The server may still hold our former connection: try so often before giving the id up. */
export const MAX_REJOINS = 8;
/** Close code for a connection that is given up, not left: the server keeps the seat (rule RE3). */
export const GIVEN_UP = 4000;

/** A participant of the page. */
export class Session implements FrameSocket {
  readonly #options: SessionOptions;
  #state: SessionState = { phase: "idle" };
  #socket: Socket | undefined;
  #keepAlive: KeepAlive | undefined;
  #timers: Cancel[] = [];
  #wanted: JoinRequest | undefined;
  readonly #resumePoint = new ResumePoint();
  #joinId: string | undefined;
  #lastRequest = 0;
  #attempt = 0;
  #rejoins = 0;
  #isReturning = false;
  #floorMs = 0;

  /** A session that is connected to nothing yet. */
  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Where the session stands. */
  get state(): SessionState {
    return this.#state;
  }

  /** Connects, at once even if a pause is under way; does nothing when there is a connection. */
  connect(): void {
    if (this.#socket === undefined) this.#open();
  }

  /** Joins, now or as soon as there is a connection. */
  join(request: JoinRequest): void {
    this.#wanted = request;
    this.#resumePoint.forget();
    this.#isReturning = false;
    if (this.#state.phase === "open") this.#sendJoin();
    else this.connect();
  }

  /** Leaves the room and stays connected; also gives up a join or a way back that is under way. */
  leave(): void {
    this.#wanted = undefined;
    const isJoining = this.#state.phase === "open" && this.#state.isJoining;
    if (this.#state.phase === "joined" || isJoining) this.send({ type: "leave" });
  }

  /** Ends the connection for good, without a `leave`; {@linkcode connect} opens another. */
  disconnect(): void {
    this.#wanted = undefined;
    this.#resumePoint.forget();
    this.#attempt = 0;
    this.#drop(1000);
    this.#change({ phase: "closed", code: 1000, reason: "" });
  }

  /** Sends a message; `false` when there is no connection to send it on. */
  send(message: ClientMessage): boolean {
    return this.sendText(JSON.stringify(message));
  }

  /** Sends a message under a new `requestId`, and returns that; `undefined`: no connection. */
  request(message: ClientMessage): string | undefined {
    const requestId = `r${++this.#lastRequest}`;
    return this.send({ ...message, requestId }) ? requestId : undefined;
  }

  /** Sends a frame as it is, whatever it says; `false` when there is no connection. */
  sendText(text: string): boolean {
    if (this.#socket === undefined || this.#state.phase === "connecting") return false;
    this.#options.handler.logged("out", parseOrRaw(text));
    this.#socket.send(text);
    return true;
  }

  /** Sends a binary frame (rule FR6); `false` where there is no seat to send it from. */
  sendFrame(frame: Uint8Array<ArrayBuffer>): boolean {
    return this.#state.phase === "joined" && this.#socket?.sendBytes(frame) === true;
  }

  /** Bytes that wait to go out. */
  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  #open(): void {
    this.#drop(GIVEN_UP);
    this.#change({ phase: "connecting", attempt: this.#attempt });
    this.#after(WELCOME_TIMEOUT_MS, () => this.#lost(1006, ""));
    let isCurrent = true;
    const socket = this.#options.connect({
      opened: () => {}, // The server speaks first (rule CO2): its welcome opens the session.
      received: (frame) => isCurrent && this.#receiveFrame(frame),
      receivedBytes: (frame) => isCurrent && this.#options.handler.receivedFrame?.(frame),
      closed: (code, reason) => isCurrent && this.#lost(code, reason),
    });
    this.#socket = {
      send: (text) => socket.send(text),
      sendBytes: (frame) => socket.sendBytes(frame),
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      close: (code) => {
        isCurrent = false; // What an abandoned socket still says concerns nobody.
        socket.close(code);
      },
    };
  }

  /** Forgets the connection, and whatever waited on it or for it. */
  #drop(code: number): void {
    for (const cancel of this.#timers.splice(0)) cancel();
    this.#keepAlive?.close();
    this.#keepAlive = undefined;
    this.#joinId = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(code);
  }

  #lost(code: number, reason: string): void {
    this.#drop(GIVEN_UP);
    if (isFinal(code)) {
      this.#wanted = undefined;
      this.#resumePoint.forget();
      this.#change({ phase: "closed", code, reason });
      return;
    }
    this.#attempt += 1;
    this.#isReturning = true;
    const pauseMs = pauseBeforeAttempt(this.#attempt, {
      random: this.#options.random,
      floorMs: this.#floorMs,
    });
    this.#floorMs = 0;
    this.#after(pauseMs, () => this.#open());
    this.#change({ phase: "reconnecting", attempt: this.#attempt, pauseMs, code, reason });
  }

  #receiveFrame(frame: string): void {
    let values: unknown[];
    try {
      values = unpackFrame(frame);
    } catch {
      // Not JSON, so not from a server of ours: the log shows it and nothing else comes of it.
      values = [{ raw: frame }];
    }
    const socket = this.#socket;
    for (const value of values) {
      if (this.#socket !== socket) return; // A message of this frame ended the connection.
      this.#options.handler.logged("in", value);
      if (isRecord(value)) this.#resumePoint.read(value);
      const message = asServerMessage(value);
      if (message !== undefined) this.#receive(message);
    }
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.#welcomed(message);
        break;
      case "joined":
        this.#joined(message);
        break;
      case "resumed":
        this.#resumed();
        break;
      case "leaved":
        this.#wanted = undefined;
        this.#becomeOpen();
        break;
      case "pong":
        this.#keepAlive?.receivePong(message.at);
        break;
      case "error":
        if (this.#failed(message)) return;
        break;
      default: // The rest is for the owner: it changes nothing between the session and the server.
    }
    this.#options.handler.received(message);
  }

  #welcomed(message: ServerMessageOf<"welcome">): void {
    if (this.#state.phase !== "connecting") return; // The server says it once (rule CO2).
    for (const cancel of this.#timers.splice(0)) cancel();
    this.#after(STABLE_MS, () => {
      this.#attempt = 0;
    });
    this.#change({ phase: "open", connectionId: message.connectionId, isJoining: false });
    this.#rejoins = 0;
    this.#keepAlive?.close();
    this.#keepAlive = new KeepAlive({
      clock: this.#options.clock,
      periodMs: this.#options.pingPeriodMs,
      ping: (at) => this.send({ type: "ping", at }),
      measured: (roundTripMs) => this.#options.handler.measured(roundTripMs),
      silent: () => this.#lost(1006, ""),
    });
    const { request } = this.#resumePoint;
    if (request !== undefined) this.#sendResume(request);
    else if (this.#wanted !== undefined) this.#sendJoin();
  }

  #joined(message: ServerMessageOf<"joined">): void {
    if (this.#state.phase !== "open") return;
    const { roomId, userId } = message;
    this.#joinId = undefined;
    this.#isReturning = false;
    // A join that was typed by hand is as good: the way back leads to the room that we are in.
    this.#wanted = { ...this.#wanted, roomId, userId };
    this.#change({ phase: "joined", connectionId: this.#state.connectionId, roomId, userId });
  }

  /** We sit where we sat; what was missed follows, or stands in the snapshot. */
  #resumed(): void {
    if (this.#state.phase !== "open") return;
    const { roomId, userId } = this.#wanted ?? {};
    if (roomId === undefined || userId === undefined) {
      // It was left while the connection was away: nobody should wait out the grace time for us.
      this.send({ type: "leave" });
      return;
    }
    this.#joinId = undefined;
    this.#isReturning = false;
    this.#change({ phase: "joined", connectionId: this.#state.connectionId, roomId, userId });
  }

  /** Whether the error was the answer to our join, which has been told already. */
  #failed(error: ServerMessageOf<"error">): boolean {
    if (error.code === "server-shutting-down") {
      this.#floorMs = error.reconnectAfterMs ?? 0;
      this.#after(SHUTDOWN_WAIT_MS, () => this.#lost(1012, error.code));
      return false;
    }
    if (this.#joinId === undefined || error.requestId !== this.#joinId) return false;
    this.#joinId = undefined;
    if (this.#resumePoint.request !== undefined) {
      // The seat is gone (rule RE8): the room is joined anew, and nobody needs to know.
      this.#resumePoint.forget();
      if (this.#wanted === undefined) this.#becomeOpen();
      else this.#sendJoin();
      return true;
    }
    if (this.#mayTryAgain(error)) {
      this.#rejoins += 1;
      const pauseMs = pauseBeforeAttempt(this.#rejoins, { random: this.#options.random });
      this.#after(pauseMs, () => this.#wanted === undefined || this.#sendJoin());
      return false;
    }
    this.#wanted = undefined;
    this.#becomeOpen();
    this.#options.handler.refused(error);
    return true;
  }

  /** After a lost connection the server may hold our id until it misses us as well. */
  #mayTryAgain(error: ServerMessageOf<"error">): boolean {
    return this.#isReturning && error.code === "user-id-taken" && this.#rejoins < MAX_REJOINS;
  }

  #becomeOpen(): void {
    if (this.#state.phase !== "joined" && this.#state.phase !== "open") return;
    this.#change({
      phase: "open",
      connectionId: this.#state.connectionId,
      isJoining: false,
    });
  }

  #sendJoin(): void {
    if (this.#wanted === undefined || this.#state.phase !== "open") return;
    this.#change({ ...this.#state, isJoining: true });
    this.#joinId = this.request({ type: "join", resumable: true, ...this.#wanted });
  }

  #sendResume(request: ResumeRequest): void {
    if (this.#state.phase !== "open") return;
    this.#change({ ...this.#state, isJoining: true });
    this.#joinId = this.request(request);
  }

  #change(state: SessionState): void {
    this.#state = state;
    this.#options.handler.changed();
  }

  #after(delayMs: number, callback: () => void): void {
    this.#timers.push(this.#options.clock.after(delayMs, callback));
  }
}

/**
 * Rule CO9: after 1000 somebody meant it, after 1008 the same would happen again, and after 4001 we
 * sit in another tab.
 */
function isFinal(code: number): boolean {
  return code === 1000 || code === 1008 || code === 4001;
}

function parseOrRaw(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { raw: text }; // The box sends what was typed; the log shows that it was no JSON.
  }
}
