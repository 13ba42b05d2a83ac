/**
 * A WebSocket through a proxy's TLS that says what a browser's hides: the pings it answers, and the
 * status of a handshake that was refused.
 */
import { WebSocket } from "ws";
import {
  type ServerMessage,
  SOCKET_PATH,
  SUBPROTOCOL,
  unpackFrame,
} from "../../src/protocol/mod.ts";
import type { Proxy } from "./proxy.ts";
import { waitUntil } from "./wait_until.ts";

/** One connection. */
export class ProxiedClient {
  /** Everything that came, in order. */
  readonly messages: ServerMessage[] = [];
  /** Pings of the server so far. */
  pings = 0;
  closed: { code: number; reason: string } | undefined;
  /** The status of the response when the handshake was refused. */
  refusedWith: number | undefined;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      // The tests read what the server itself has typed.
      this.messages.push(...unpackFrame(`${data}`) as ServerMessage[]);
    });
    socket.on("ping", () => this.pings++);
    socket.on("close", (code, reason) => this.closed = { code, reason: `${reason}` });
    socket.on("unexpected-response", (request, { statusCode }) => {
      this.refusedWith = statusCode;
      request.destroy();
      this.closed = { code: 1006, reason: "" };
    });
    socket.on("error", () => {}); // A close follows.
  }

  /** Opens a socket as a page of `origin` would, by default the proxy's own. */
  static connect(proxy: Proxy, origin: string = proxy.origin): ProxiedClient {
    const url = `${proxy.origin.replace("https", "wss")}${SOCKET_PATH}`;
    return new ProxiedClient(
      new WebSocket(url, [SUBPROTOCOL], { ca: proxy.pem, origin, family: 4 }),
    );
  }

  /** Opens a socket and joins. */
  static async join(proxy: Proxy, userId: string): Promise<ProxiedClient> {
    const client = ProxiedClient.connect(proxy);
    await client.hear("welcome");
    client.say({ type: "join", roomId: "test", userId });
    await client.hear("joined");
    return client;
  }

  /** The subprotocol that the server selected. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  /** Sends one message. */
  say(message: Record<string, unknown>): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Waits for the first message of a type; `matches` narrows it down. */
  async hear<T extends ServerMessage["type"]>(
    type: T,
    matches: (message: Extract<ServerMessage, { type: T }>) => boolean = () => true,
  ): Promise<Extract<ServerMessage, { type: T }>> {
    type Wanted = Extract<ServerMessage, { type: T }>;
    const isWanted = (one: ServerMessage): one is Wanted =>
      one.type === type && matches(one as Wanted); // The type was compared just before.
    await waitUntil(() =>
      this.messages.some(isWanted)
        ? undefined
        : `no ${type} among ${JSON.stringify(this.messages)}, closed: ${
          JSON.stringify(this.closed)
        }, refused with ${this.refusedWith}`
    );
    return this.messages.find(isWanted)!; // Just seen.
  }

  /** Waits until the socket is closed. */
  async untilClosed(): Promise<{ code: number; reason: string }> {
    await waitUntil(() => this.closed === undefined ? "the socket is open" : undefined);
    return this.closed!;
  }

  /** Closes the socket and waits for it. */
  async close(): Promise<void> {
    this.#socket.close(1000);
    await this.untilClosed();
  }
}
