/**
 * Stands in for the browser's WebSocket and the server behind it, for the page's sessions: keeps what
 * was sent, and says what the test has the server say.
 */
import type { Socket, SocketEvents, SocketFactory } from "../../static/state/socket.ts";

/** One connection that a session opened. */
export class PageSocket implements Socket {
  /** The frames that the session sent, as they are. */
  readonly frames: string[] = [];
  /** The binary frames that it sent. */
  readonly bytes: Uint8Array[] = [];
  bufferedAmount = 0;
  /** How the session ended it, if it did. */
  closedWith: number | undefined;
  readonly #events: SocketEvents;

  constructor(events: SocketEvents) {
    this.#events = events;
  }

  send(text: string): void {
    this.frames.push(text);
  }

  sendBytes(frame: Uint8Array): boolean {
    this.bytes.push(frame);
    return true;
  }

  close(code: number): void {
    this.closedWith ??= code;
  }

  /** What the session sent, without the pings that measure the round trip. */
  get sent(): Record<string, unknown>[] {
    return this.all.filter(({ type }) => type !== "ping");
  }

  /** Everything that the session sent. */
  get all(): Record<string, unknown>[] {
    return this.frames.map((frame) => JSON.parse(frame));
  }

  /** The server accepts the connection and says `welcome`. */
  welcome(): this {
    this.#events.opened();
    return this.receive({ type: "welcome", connectionId: "c1", limits: {} });
  }

  /** The server answers the last join: these are in the room now, the joiner is the last of them. */
  joined(roomId: string, ...userIds: string[]): this {
    return this.receive({
      type: "joined",
      roomId,
      userId: userIds.at(-1),
      users: userIds,
      participants: userIds.map(participant),
      room: { roomId, kind: "meeting", topology: "mesh", createdAt: 0 },
      requestId: this.sent.at(-1)?.requestId,
    });
  }

  /** The server says `messages` in one frame. */
  receive(...messages: unknown[]): this {
    this.#events.received(JSON.stringify(messages.length === 1 ? messages[0] : messages));
    return this;
  }

  /** A frame comes in as it is. */
  receiveText(frame: string): this {
    this.#events.received(frame);
    return this;
  }

  /** A binary frame comes in. */
  receiveBytes(frame: Uint8Array): this {
    this.#events.receivedBytes(frame);
    return this;
  }

  /** The connection ends from the other side. */
  lose(code: number, reason = ""): void {
    this.#events.closed(code, reason);
  }
}

/** The connections that a session opened, oldest first. */
export class PageSockets {
  readonly all: PageSocket[] = [];

  /** What a session takes for the browser. */
  readonly connect: SocketFactory = (events) => {
    const socket = new PageSocket(events);
    this.all.push(socket);
    return socket;
  };

  /** The newest connection. */
  get last(): PageSocket {
    const socket = this.all.at(-1);
    if (socket === undefined) throw new Error("Cannot use a socket: the session opened none");
    return socket;
  }
}

/** A participant as the server describes it. */
export function participant(userId: string): Record<string, unknown> {
  return { userId, role: "participant", state: {}, joinedAt: 0 };
}
