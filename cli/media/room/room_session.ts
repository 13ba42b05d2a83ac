/**
 * A participant's stay in a room: joins, asks and hears, and comes back when the connection is lost,
 * to its seat or, where that is gone, to another one (rules RE1 to RE9). What its media do is for its
 * owner.
 */
import type { Clock } from "../../../src/base/mod.ts";
import type { Cancel } from "../../../src/base/mod.ts";
import {
  pauseBeforeAttempt,
  ResumePoint,
  type ServerMessage,
  type ServerMessageOf,
} from "../../../src/protocol/mod.ts";
import { ConnectError, Connection, type ConnectionEnd } from "../../client.ts";
import { readServerMessage } from "./server_message.ts";
import type { Asked } from "./sfu_room.ts";

const CONNECT_MS = 10_000;
/** What is not answered by then is not waited for. */
const REPLY_MS = 15_000;
const CLOSE_MS = 2_000;

/** The answer to a join. */
export type Joined = ServerMessageOf<"joined">;

/** How a room is entered. */
export type RoomSessionOptions = {
  readonly url: string;
  readonly token: string | undefined;
  /** The fields of `join`. */
  readonly join: Asked;
  readonly clock: Clock;
  /** The room as it is, at the join and whenever all is told anew. */
  readonly entered: (room: RoomNow) => void;
  readonly heard: (message: ServerMessage) => void;
  /** The connection is back, and the seat was kept. */
  readonly resumed: () => void;
  /** It is over for good; the words are for people. */
  readonly ended: (why: string) => void;
  readonly notice: (words: string) => void;
};

/** A room as somebody in it sees it. */
export type RoomNow = {
  readonly userId: string;
  readonly iceServers: ServerMessageOf<"welcome">["iceServers"];
  readonly participants: Joined["participants"];
  readonly room: Joined["room"];
  /** Another seat than before: who else is there knows nothing of this one's media. */
  readonly isNew: boolean;
};

/** The server said no; the message says why. */
export class JoinRefused extends Error {
  override readonly name = "JoinRefused";
}

/** A stay. */
export class RoomSession {
  /** The own user id; empty before the join. */
  userId = "";
  readonly #options: RoomSessionOptions;
  readonly #waiting = new Map<number, (reply: ServerMessage | undefined) => void>();
  readonly #resumePoint = new ResumePoint();
  #connection: Connection | undefined;
  #iceServers: RoomNow["iceServers"] = [];
  #lastId = 0;
  #floorMs = 0;
  #isClosed = false;
  #cancelPause: Cancel | undefined;

  /** Not in the room yet. */
  constructor(options: RoomSessionOptions) {
    this.#options = options;
  }

  /** Enters; once. Rejects with ConnectError or {@linkcode JoinRefused}. */
  async enter(): Promise<void> {
    try {
      await this.#connect();
      await this.#join();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Sends a message; `false`: there is no connection. */
  send(message: object): boolean {
    if (this.#connection?.isOpen !== true) return false;
    this.#connection.send(message);
    return true;
  }

  /** Asks; the reply, or undefined: an error, which is noticed, or none in time. */
  async ask(message: Asked, timeoutMs = REPLY_MS): Promise<ServerMessage | undefined> {
    const reply = await this.#request(message, timeoutMs);
    if (reply?.type !== "error") return reply;
    this.#options.notice(`The server refuses ${message.type}: ${reply.message} (${reply.code})`);
    return undefined;
  }

  /** Leaves. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelPause?.();
    const connection = this.#connection;
    if (connection?.isOpen !== true) return;
    await this.#request({ type: "leave" }, CLOSE_MS);
    const cancel = this.#options.clock.after(CLOSE_MS, () => void connection.drop());
    await connection.close();
    cancel();
  }

  async #connect(): Promise<void> {
    const { url, token } = this.#options;
    const { promise: welcomed, resolve, reject } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(
      CONNECT_MS,
      () => reject(new ConnectError("it sent no welcome")),
    );
    try {
      this.#connection = await Connection.connect(url, {
        timeoutMs: CONNECT_MS,
        ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
        onMessage: (message) => {
          const read = readServerMessage(message);
          if (typeof read === "string") this.#options.notice(`Not of the protocol: ${read}`);
          if (typeof read !== "object") return;
          if (read.type === "welcome") {
            this.#iceServers = read.iceServers;
            resolve();
          }
          this.#take(read);
        },
        onEnd: (end) => {
          reject(new ConnectError(`it closed the connection with code ${end.code}`));
          this.#lost(end);
        },
      });
      await welcomed;
    } finally {
      cancel();
      welcomed.catch(() => {}); // The connection was not there to be waited for.
    }
  }

  async #join(): Promise<void> {
    const again = this.userId === "" ? {} : { userId: this.userId };
    const join = { ...this.#options.join, ...again, resumable: true };
    let reply = await this.#request(join, REPLY_MS);
    if (reply?.type === "waiting") {
      this.#options.notice("Waiting in the lobby until a host lets us in");
      reply = await new Promise((resolve) => this.#admitted = resolve);
    }
    if (reply?.type === "joined") return;
    if (reply?.type === "error") throw new JoinRefused(`${reply.message} (${reply.code})`);
    if (reply?.type === "leaved") throw new JoinRefused(`a host said no (${reply.reason})`);
    throw new JoinRefused("it did not answer in time");
  }

  /** Who waits in the lobby is told by itself. */
  #admitted: ((reply: ServerMessage | undefined) => void) | undefined;

  #take(message: ServerMessage): void {
    this.#resumePoint.read(message);
    if (message.type === "joined" || message.type === "leaved") {
      this.#admitted?.(message);
      this.#admitted = undefined;
    }
    if (message.type === "joined") {
      const { userId, participants, room, iceServers = this.#iceServers } = message;
      this.userId = userId;
      this.#iceServers = iceServers;
      this.#options.entered({ userId, participants, room, iceServers, isNew: true });
    }
    if (message.type === "snapshot") this.#enteredAgain(message.participants, message.room);
    if (message.type === "resumed" && message.snapshot !== undefined) {
      this.#enteredAgain(message.snapshot.participants, message.snapshot.room);
    }
    if (message.type === "error" && typeof message.retryAfterMs === "number") {
      this.#floorMs = message.retryAfterMs;
    }
    this.#options.heard(message);
    const { requestId }: { requestId?: unknown } = { ...message };
    if (typeof requestId === "number") this.#waiting.get(requestId)?.(message);
    if (message.type !== "leaved" || this.#isClosed) return;
    this.#isClosed = true;
    this.#options.ended(`The stay is over: ${message.reason}`);
    void this.#connection?.close();
  }

  #enteredAgain(participants: RoomNow["participants"], room: RoomNow["room"]): void {
    const { userId } = this;
    const iceServers = this.#iceServers;
    this.#options.entered({ userId, participants, room, iceServers, isNew: false });
  }

  #request(message: Asked, timeoutMs: number): Promise<ServerMessage | undefined> {
    const requestId = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<ServerMessage | undefined>();
    const wait = message.type === "join" ? Math.max(timeoutMs, REPLY_MS) : timeoutMs;
    const cancel = this.#options.clock.after(wait, () => resolve(undefined));
    this.#waiting.set(requestId, resolve);
    if (!this.send({ ...message, requestId })) resolve(undefined);
    return promise.finally(() => {
      cancel();
      this.#waiting.delete(requestId);
    });
  }

  #lost(end: ConnectionEnd): void {
    for (const settle of this.#waiting.values()) settle(undefined);
    if (end.isOwn || this.#isClosed || this.userId === "") return;
    if (isFinal(end)) {
      this.#isClosed = true;
      return this.#options.ended(
        `The server ended the connection: ${end.code} ${end.reason}`.trim(),
      );
    }
    void this.#comeBack();
  }

  /** Connects again, as often as it takes, and goes back to where it was. */
  async #comeBack(): Promise<void> {
    const { clock, notice, ended, resumed } = this.#options;
    for (let attempt = 1; !this.#isClosed; attempt++) {
      const pauseMs = pauseBeforeAttempt(attempt, { random: Math.random, floorMs: this.#floorMs });
      this.#floorMs = 0;
      notice(`Connection lost, connecting again in ${(pauseMs / 1_000).toFixed(1)} s`);
      await new Promise<void>((resolve) => {
        const cancel = clock.after(pauseMs, resolve);
        this.#cancelPause = () => {
          cancel();
          resolve();
        };
      });
      if (this.#isClosed) return;
      try {
        await this.#connect();
        const { request } = this.#resumePoint;
        const reply = request === undefined ? undefined : await this.#request(request, REPLY_MS);
        if (reply?.type === "resumed") return resumed();
        return await this.#join();
      } catch (error) {
        if (error instanceof JoinRefused) {
          this.#isClosed = true;
          return ended(`Cannot come back: ${error.message}`);
        }
        if (!(error instanceof ConnectError)) throw error;
        // Not there yet: the next pause is longer.
      }
    }
  }
}

/** Rule CO9: after these codes a new connection would end the same way. */
function isFinal({ code }: ConnectionEnd): boolean {
  return code === 1000 || code === 1008 || code === 4001;
}
