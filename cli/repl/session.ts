/**
 * The interactive client without its terminal: runs commands over one connection, waits for each
 * reply, follows who is in the room, hands every line for people to its owner. `commands/client.ts`
 * drives one from the keyboard or from a pipe.
 */
import type { Clock } from "../../src/base/mod.ts";
import { Connection, type ConnectionEnd } from "../client.ts";
import { duration, printable } from "../report/words.ts";
import type { Stream } from "../terminal.ts";
import { fieldsOf, wordOf } from "../verify/mod.ts";
import { COMMANDS, type LineCommand } from "./line_command.ts";
import { textOfMessage } from "./message_text.ts";

/** A reply that has not come by then is not waited for. */
const REPLY_TIMEOUT_MS = 5_000;

/** A server that says nothing at first may still be talked to. */
const GREETING_TIMEOUT_MS = 2_000;

/** What a session needs. */
export type SessionOptions = {
  readonly url: string;
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
  readonly stream: Stream;
  /** Prints a line. */
  readonly print: (line: string) => void;
  /** The server ended the connection. */
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
  readonly #waiting = new Map<number, () => void>();
  #connection!: Connection; // `open` sets it before anybody can hold the session.
  #lastId = 0;
  #isRaw = false;

  private constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Connects and waits for the greeting, for a while; rejects with ConnectError. */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(options);
    const { promise: greeted, resolve } = Promise.withResolvers<void>();
    session.#connection = await Connection.connect(options.url, {
      timeoutMs: options.connectTimeoutMs,
      onFrame: (frame) => {
        if (session.#isRaw) options.print(options.stream.style("dim", printable(frame)));
      },
      onMessage: (message) => {
        session.#receive(message);
        resolve();
      },
      onMalformed: (frame) => options.print(`Not JSON: ${printable(frame.slice(0, 200))}`),
      onEnd: (end) => {
        resolve();
        for (const settle of session.#waiting.values()) settle();
        if (!end.isOwn) options.onLost(end);
      },
    });
    const cancel = options.clock.after(GREETING_TIMEOUT_MS, resolve);
    await greeted;
    cancel();
    return session;
  }

  /** Runs one command and waits for its reply. `false` when it was none. */
  async run(command: LineCommand): Promise<boolean> {
    const { print, stream } = this.#options;
    switch (command.kind) {
      case "join":
        await this.#ask({ type: "join", roomId: command.roomId, userId: command.userId });
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
    if (!this.#connection.isOpen) return;
    if (this.roomId !== undefined) await this.#ask({ type: "leave" });
    const cancel = this.#options.clock.after(REPLY_TIMEOUT_MS, () => void this.#connection.drop());
    await this.#connection.close();
    cancel();
  }

  /** How long a pong takes, in milliseconds. */
  async #ping(): Promise<number> {
    const { clock } = this.#options;
    const startedAt = clock.elapsed();
    await this.#ask({ type: "ping", at: clock.now() });
    return clock.elapsed() - startedAt;
  }

  async #ask(message: object): Promise<void> {
    if (!this.#connection.isOpen) return;
    const { clock, print, stream } = this.#options;
    const requestId = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(REPLY_TIMEOUT_MS, () => {
      this.isReplyMissing = true;
      print(stream.style("yellow", `No reply within ${duration(REPLY_TIMEOUT_MS)}`));
      resolve();
    });
    this.#waiting.set(requestId, resolve);
    this.#connection.send({ ...message, requestId });
    await promise;
    this.#waiting.delete(requestId);
    cancel();
  }

  #receive(message: unknown): void {
    const { print, stream } = this.#options;
    const fields = fieldsOf(message);
    this.#follow(fields ?? {});
    const isOwnPong = fields?.type === "pong" && typeof fields.requestId === "number" &&
      this.#waiting.has(fields.requestId);
    if (!this.#isRaw && !isOwnPong) print(textOfMessage(message, stream, this.userId));
    if (typeof fields?.requestId === "number") this.#waiting.get(fields.requestId)?.();
  }

  /** Keeps the roster up to date. */
  #follow({ type, users, userId, roomId }: Readonly<Record<string, unknown>>): void {
    if (type === "joined" && Array.isArray(users)) {
      this.users = users.map(wordOf);
      this.userId = wordOf(userId);
      this.roomId = wordOf(roomId);
    }
    if (type === "user-joined") this.users = [...this.users, wordOf(userId)];
    if (type === "user-left") this.users = this.users.filter((name) => name !== userId);
    if (type === "leaved") {
      this.users = [];
      this.roomId = undefined;
    }
  }
}

function helpText(): string {
  return Object.entries(COMMANDS)
    .map(([name, { takes, does }]) => `  ${`${name} ${takes}`.padEnd(28)} ${does}`).join("\n");
}
