/**
 * A plain room server on Socket.IO, as a dialect. Socket.IO has no rooms of its own on the wire, so the
 * adapter takes the convention that its tutorials teach, and asks for acknowledgements:
 *
 * - `join {room, user}` -> `{ok: true, users}` or `{ok: false, error}`; the others in the room get
 *   `user-joined {user}`.
 * - `message {text, to?}` -> `{ok}`; the others, or the one addressed, get `message {from, text}`.
 * - `leave {}` -> `{ok}`; the others get `user-left {user}`, and so they do when a connection ends.
 *
 * It speaks Engine.IO 4 and Socket.IO 5 over one WebSocket by itself: what a client needs of them are
 * six kinds of packets, and the client library would ask for every variable of the environment.
 */
import type { ClientOptions, Dialect, DialectClient, DialectEvent, Outcome } from "./dialect.ts";
import { ConnectError } from "../client.ts";
import { Endpoint, parse } from "./endpoint.ts";

/** Packets: the digit of Engine.IO, and behind a message's 4 that of Socket.IO. */
const PACKET = { open: "0", ping: "2", pong: "3", connect: "40", event: "42", ack: "43" } as const;
const OPENED = "opened";
const CONNECTED = "connected";

type Fields = Readonly<Record<string, unknown>>;

/** The adapter. */
export const socketIoRooms: Dialect = {
  lacks: {},
  // Beyond `maxHttpBufferSize`, a megabyte unless set.
  oversizedBytes: 2_000_000,
  socketUrl: (url) => {
    const socketUrl = new URL("/socket.io/", url);
    socketUrl.protocol = socketUrl.protocol.replace("http", "ws");
    socketUrl.search = "?EIO=4&transport=websocket";
    return socketUrl.href;
  },
  open: (options) => SocketIoClient.open(options),
};

class SocketIoClient implements DialectClient {
  readonly id: string;
  readonly #endpoint: Endpoint;
  #requests = 0;

  private constructor(id: string, endpoint: Endpoint) {
    this.id = id;
    this.#endpoint = endpoint;
  }

  static async open(options: ClientOptions): Promise<DialectClient> {
    // The server ignores who speaks before its first packet, which may come with the handshake.
    const endpoint = await Endpoint.open({
      ...options,
      socketUrl: socketIoRooms.socketUrl(options.url, options.id),
      protocols: [],
      onFrame: take,
    });
    await endpoint.answerTo(OPENED, () => {});
    const answer = await endpoint.answerTo(CONNECTED, () => endpoint.sendText(PACKET.connect));
    if (answer !== undefined) return new SocketIoClient(options.id, endpoint);
    await endpoint.drop();
    throw new ConnectError("it does not answer as Socket.IO does");
  }

  get heard(): DialectEvent[] {
    return this.#endpoint.heard;
  }

  get isOpen(): boolean {
    return this.#endpoint.isOpen;
  }

  enter(room: string): Promise<Outcome> {
    return this.#emit("join", { room, user: this.id });
  }

  leave(): Promise<Outcome> {
    return this.#emit("leave", {});
  }

  sayToRoom(text: string): Promise<Outcome> {
    return this.#emit("message", { text });
  }

  sayTo(to: string, text: string): Promise<Outcome> {
    return this.#emit("message", { text, to });
  }

  sayAs(from: string, to: string, text: string): Promise<Outcome> {
    return this.#emit("message", { text, to, from, user: from });
  }

  sendText(frame: string): void {
    this.#endpoint.sendText(frame);
  }

  /** Any acknowledgement stands behind what was sent before; this message is for nobody. */
  async barrier(): Promise<boolean> {
    const outcome = await this.#emit("message", { text: "", to: "nobody at all" });
    return outcome.ok || outcome.why !== "no answer";
  }

  wait(ms: number): Promise<void> {
    return this.#endpoint.wait(ms);
  }

  drop(): Promise<void> {
    return this.#endpoint.drop();
  }

  async #emit(event: string, fields: Fields): Promise<Outcome> {
    const key = `${++this.#requests}`;
    const answer = await this.#endpoint.answerTo(
      key,
      () => this.sendText(`${PACKET.event}${key}${JSON.stringify([event, fields])}`),
    );
    const [result] = Array.isArray(answer) ? answer as Fields[] : [];
    if (result === undefined) return { ok: false, why: "no answer" };
    if (result.ok !== true) return { ok: false, why: `${result.error}` };
    const { users } = result;
    return { ok: true, members: Array.isArray(users) ? users.map(String) : undefined };
  }
}

function take(frame: string, endpoint: Endpoint): void {
  if (frame.startsWith(PACKET.open)) return endpoint.tell(OPENED, true);
  if (frame === PACKET.ping) return endpoint.sendText(PACKET.pong);
  if (frame.startsWith(PACKET.connect)) return void endpoint.answer(CONNECTED, true);
  const ack = /^43(\d+)(\[.*\])$/s.exec(frame);
  if (ack !== null && endpoint.answer(ack[1]!, parse(ack[2]!))) return;
  const event = /^42(\[.*\])$/s.exec(frame)?.[1];
  const [name, fields] = (event === undefined ? [] : parse(event)) as [string?, Fields?];
  switch (name) {
    case "user-joined":
      return endpoint.add({ kind: "entered", who: `${fields?.user}` });
    case "user-left":
      return endpoint.add({ kind: "gone", who: `${fields?.user}` });
    case "message":
      return endpoint.add({ kind: "message", from: `${fields?.from}`, text: `${fields?.text}` });
    default:
      return endpoint.add({ kind: "other", text: frame });
  }
}
