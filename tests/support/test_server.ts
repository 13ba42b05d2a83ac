/**
 * The real application on a real port of this process, and real sockets to it. Every test closes its
 * own, so that the sanitizers see nothing left.
 */
import { createApp } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { type ServerMessage, SUBPROTOCOL, unpackFrame } from "../../src/protocol/mod.ts";
import { waitUntil } from "./wait_until.ts";

/** A server of this process. */
export class TestServer {
  readonly port: number;
  readonly #close: () => Promise<void>;

  private constructor(port: number, close: () => Promise<void>) {
    this.port = port;
    this.#close = close;
  }

  /** Starts on a free port with the given flags. */
  static start(...flags: string[]): TestServer {
    const app = createApp({ config: readConfig(flags, {}) });
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.handler);
    return new TestServer(server.addr.port, async () => {
      await app.close();
      await server.shutdown();
    });
  }

  /** The address of a path, for HTTP. */
  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Opens a socket and waits for its welcome. */
  async connect(protocol: string = SUBPROTOCOL): Promise<TestClient> {
    const client = new TestClient(`ws://127.0.0.1:${this.port}/ws`, protocol);
    await client.hear("welcome");
    return client;
  }

  /** Opens a socket and joins. */
  async join(roomId: string, userId: string): Promise<TestClient> {
    const client = await this.connect();
    client.say({ type: "join", roomId, userId });
    await client.hear("joined");
    return client;
  }

  /** Stops the server. */
  close(): Promise<void> {
    return this.#close();
  }
}

/** A real socket that keeps what it hears. */
export class TestClient {
  readonly socket: WebSocket;
  /** Everything that came, in order. */
  readonly messages: ServerMessage[] = [];
  /** The frames as they came. */
  readonly frames: string[] = [];
  closed: { code: number; reason: string } | undefined;
  #read = 0;

  constructor(url: string, protocol: string) {
    this.socket = new WebSocket(url, protocol === "" ? [] : [protocol]);
    this.socket.onmessage = ({ data }) => {
      this.frames.push(data);
      // The tests read what the server itself has typed.
      this.messages.push(...unpackFrame(data) as ServerMessage[]);
    };
    this.socket.onclose = ({ code, reason }) => this.closed = { code, reason };
    this.socket.onerror = () => {}; // A close follows, and says what there is to say.
  }

  /** Sends one message. */
  say(message: Record<string, unknown>): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Waits for the next message of `type`; what comes before it is passed over. */
  async hear<T extends ServerMessage["type"]>(
    type: T,
  ): Promise<Extract<ServerMessage, { type: T }>> {
    let found: ServerMessage | undefined;
    await waitUntil(() => {
      while (this.#read < this.messages.length) {
        const message = this.messages[this.#read++]!;
        if (message.type !== type) continue;
        found = message;
        return undefined;
      }
      return `no ${type} among ${JSON.stringify(this.messages.map((one) => one.type))}, ` +
        `closed: ${JSON.stringify(this.closed)}`;
    });
    return found as Extract<ServerMessage, { type: T }>; // The loop compared the type.
  }

  /** How many messages of `type` have come so far. */
  count(type: string): number {
    return this.messages.filter((one) => one.type === type).length;
  }

  /** Waits until the socket is closed. */
  async untilClosed(): Promise<{ code: number; reason: string }> {
    await waitUntil(() => this.closed === undefined ? "the socket is open" : undefined);
    return this.closed!;
  }

  /** Closes the socket and waits for it. */
  async close(): Promise<void> {
    this.socket.close();
    await this.untilClosed();
  }
}
