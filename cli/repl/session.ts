/**
 * The interactive client without its terminal: runs commands over one connection, waits for each
 * reply, follows who is in the room, hands every line for people to its owner. `commands/client.ts`
 * drives one from the keyboard or from a pipe. From the keyboard it comes back after a lost connection:
 * it takes its seat again, or joins anew where the seat is gone (rules RE1-RE9).
 */
import type { Cancel, Clock } from "../../src/base/mod.ts";
import { pauseBeforeAttempt, ResumePoint } from "../../src/protocol/mod.ts";
import { ConnectError, Connection, type ConnectionEnd } from "../client.ts";
import { duration, printable } from "../report/words.ts";
import type { Stream } from "../terminal.ts";
import { fieldsOf, wordOf } from "../verify/mod.ts";
import { COMMANDS, type LineCommand } from "./line_command.ts";
import { textOfMessage } from "./message_text.ts";

/** A reply that has not come by then is not waited for. */
const REPLY_TIMEOUT_MS = 5_000;

/** A server that says nothing at first may still be talked to. */
const GREETING_TIMEOUT_MS = 2_000;

type Fields = Readonly<Record<string, unknown>>;

/** What a session needs. */
export type SessionOptions = {
  readonly url: string;
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
  /** Comes back after a lost connection instead of ending. */
  readonly isReturning: boolean;
  readonly stream: Stream;
  /** Prints a line. */
  readonly print: (line: string) => void;
  /** The connection ended for good. */
  readonly onLost: (end: ConnectionEnd) => void;
};

/** One conversation with a server. */
export class Session {
  /** Who is in the room, as far as this connection was told. */
  users: string[] = [];
  /** The room, while in one. */
  roomId: string | undefined;
  /** The own user id, while in a room. */
  userId = "";
  /** Some reply never came. */
  isReplyMissing = false;
  readonly #options: SessionOptions;
  readonly #waiting = new Map<number, (reply?: Fields) => void>();
  readonly #resumePoint = new ResumePoint();
  #floorMs = 0;
  #isClosed = false;
  #cancelPause: Cancel | undefined;
  #connection!: Connection; // `open` sets it before anybody can hold the session.
  #lastId = 0;
  #isRaw = false;

  private constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Connects and waits for the greeting, for a while; rejects with ConnectError. */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(options);
    await session.#connect();
    return session;
  }

  /** Runs one command and waits for its reply. `false` when it was none. */
  async run(command: LineCommand): Promise<boolean> {
    const { print, stream } = this.#options;
    switch (command.kind) {
      case "join":
        await this.#join(command);
        return true;
      case "leave":
        await this.#ask({ type: "leave" });
        return true;
      case "chat": {
        const to = command.to === undefined ? {} : { to: command.to };
        await this.#ask({ type: "chat", text: command.text, ...to });
        return true;
      }
      case "state":
        await this.#ask({ type: "state", ...command.changes });
        return true;
      case "ping":
        print(stream.style("dim", `pong after ${duration(await this.#ping())}`));
        return true;
      case "send":
        this.#connection.sendText(command.frame);
        await this.#ping(); // Replies come in order: whatever it caused is here before the pong.
        return true;
      case "users":
        print(this.roomId === undefined ? "In no room" : this.users.join(", "));
        return true;
      case "raw":
        this.#isRaw = command.isOn;
        return true;
      case "help":
        print(helpText());
        return true;
      case "wrong":
        print(stream.style("yellow", printable(command.problem)));
        return false;
      case "nothing":
      case "quit":
        return true;
    }
  }

  /** Leaves the room, if in one, and ends the connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelPause?.();
    if (!this.#connection.isOpen) return;
    if (this.roomId !== undefined) await this.#ask({ type: "leave" });
    const cancel = this.#options.clock.after(REPLY_TIMEOUT_MS, () => void this.#connection.drop());
    await this.#connection.close();
    cancel();
  }

  async #connect(): Promise<void> {
    const options = this.#options;
    const { promise: greeted, resolve } = Promise.withResolvers<void>();
    this.#connection = await Connection.connect(options.url, {
      timeoutMs: options.connectTimeoutMs,
      onFrame: (frame) => {
        if (this.#isRaw) options.print(options.stream.style("dim", printable(frame)));
      },
      onMessage: (message) => {
        this.#receive(message);
        resolve();
      },
      onMalformed: (frame) => options.print(`Not JSON: ${printable(frame.slice(0, 200))}`),
      onEnd: (end) => {
        resolve();
        for (const settle of this.#waiting.values()) settle();
        if (end.isOwn) return;
        if (options.isReturning && !isFinal(end)) void this.#comeBack();
        else options.onLost(end);
      },
    });
    const cancel = options.clock.after(GREETING_TIMEOUT_MS, resolve);
    await greeted;
    cancel();
  }

  /** Connects again, as often as it takes, and goes back to where it was. */
  async #comeBack(): Promise<void> {
    const { clock, print, stream } = this.#options;
    for (let attempt = 1; !this.#isClosed; attempt++) {
      const pauseMs = pauseBeforeAttempt(attempt, { random: Math.random, floorMs: this.#floorMs });
      this.#floorMs = 0;
      print(stream.style("yellow", `Connection lost, connecting again in ${duration(pauseMs)}`));
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
        return await this.#return();
      } catch (error) {
        if (!(error instanceof ConnectError)) throw error;
        // Not there yet: the next pause is longer.
      }
    }
  }

  async #return(): Promise<void> {
    const { roomId, userId } = this;
    if (roomId === undefined) return;
    const { request } = this.#resumePoint;
    if (request !== undefined) {
      const reply = await this.#ask(request);
      if (reply?.type === "resumed") return;
    }
    await this.#join({ roomId, userId });
  }

  #join({ roomId, userId }: { roomId: string; userId: string }): Promise<Fields | undefined> {
    return this.#ask({ type: "join", roomId, userId, resumable: true });
  }

  /** How long a pong takes, in milliseconds. */
  async #ping(): Promise<number> {
    const { clock } = this.#options;
    const startedAt = clock.elapsed();
    await this.#ask({ type: "ping", at: clock.now() });
    return clock.elapsed() - startedAt;
  }

  /** Sends a request and waits for its reply; `undefined` when there is none. */
  async #ask(message: object): Promise<Fields | undefined> {
    const { clock, print, stream } = this.#options;
    if (!this.#connection.isOpen) {
      if (this.#options.isReturning) print(stream.style("yellow", "Not connected at the moment"));
      return undefined;
    }
    const requestId = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<Fields | undefined>();
    const cancel = clock.after(REPLY_TIMEOUT_MS, () => {
      this.isReplyMissing = true;
      print(stream.style("yellow", `No reply within ${duration(REPLY_TIMEOUT_MS)}`));
      resolve(undefined);
    });
    this.#waiting.set(requestId, resolve);
    this.#connection.send({ ...message, requestId });
    const reply = await promise;
    this.#waiting.delete(requestId);
    cancel();
    return reply;
  }

  #receive(message: unknown): void {
    const { print, stream } = this.#options;
    const fields = fieldsOf(message);
    this.#follow(fields ?? {});
    const isOwnPong = fields?.type === "pong" && typeof fields.requestId === "number" &&
      this.#waiting.has(fields.requestId);
    if (!this.#isRaw && !isOwnPong) print(textOfMessage(message, stream, this.userId));
    if (typeof fields?.requestId === "number") this.#waiting.get(fields.requestId)?.(fields);
  }

  /** Keeps the roster up to date, and what is needed to come back. */
  #follow(message: Fields): void {
    const { type, users, userId, roomId, snapshot } = message;
    this.#resumePoint.read(message);
    if (type === "joined" && Array.isArray(users)) {
      this.users = users.map(wordOf);
      this.userId = wordOf(userId);
      this.roomId = wordOf(roomId);
    }
    if (type === "snapshot" && Array.isArray(users)) this.users = users.map(wordOf);
    if (type === "resumed" && snapshot !== undefined) {
      const { users: now } = fieldsOf(snapshot) ?? {};
      if (Array.isArray(now)) this.users = now.map(wordOf);
    }
    if (type === "error" && typeof message.reconnectAfterMs === "number") {
      this.#floorMs = message.reconnectAfterMs;
    }
    if (type === "user-joined") this.users = [...this.users, wordOf(userId)];
    if (type === "user-left") this.users = this.users.filter((name) => name !== userId);
    if (type === "leaved") {
      this.users = [];
      this.roomId = undefined;
    }
  }
}

/** Rule CO9: after these codes a new connection would end the same way. */
function isFinal({ code }: ConnectionEnd): boolean {
  return code === 1000 || code === 1008 || code === 4001;
}

function helpText(): string {
  return Object.entries(COMMANDS)
    .map(([name, { takes, does }]) => `  ${`${name} ${takes}`.padEnd(28)} ${does}`).join("\n");
}
