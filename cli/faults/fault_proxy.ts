/**
 * A proxy in front of a server that puts faults on WebSockets and lets the rest of HTTP through. Works
 * for any client, a browser too. `deno task proxy` is one, and `simulate` starts one for a run.
 */
import type { Clock } from "../../src/base/mod.ts";
import { SUBPROTOCOL } from "../../src/protocol/wire.ts";
import type { FaultPlan } from "./fault_plan.ts";
import { FaultyConnection } from "./faulty_connection.ts";
import { joined } from "./frame.ts";
import {
  asksForWebSocket,
  encodeHead,
  headerOf,
  headOf,
  type HttpHead,
  pathOf,
  rewriteRequest,
} from "./http_head.ts";
import type { Decision } from "./judge.ts";
import { closeConnection, isConnectionEnd, writeAll } from "./tcp.ts";

/** How a proxy is started. */
export type FaultProxyOptions = {
  readonly hostname: string;
  /** 0: any free one. */
  readonly port: number;
  /** The server: of `http://host:port` and the like only the origin counts. */
  readonly target: URL;
  readonly plan: FaultPlan;
  readonly seed: number;
  readonly clock: Clock;
  /** Hears each decision, before it takes effect. */
  readonly onDecision: (decision: Decision) => void;
  /** Paths begin with `/@user` and say whose connection it is; see {@linkcode FaultProxy.pathFor}. */
  readonly isUserInPath?: boolean;
};

/** A longer head is no head. */
const MAX_HEAD_BYTES = 65_536;
/** A side that has not sent its head by then is given up. */
const HEAD_TIMEOUT_MS = 30_000;
const READ_BYTES = 65_536;
const BAD_GATEWAY = new TextEncoder().encode(
  "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
);

/** The head of one side's bytes, and what came after it. */
type Opening = { readonly head: HttpHead; readonly rest: Uint8Array };

/** A running proxy. */
export class FaultProxy {
  readonly #options: FaultProxyOptions;
  readonly #listener: Deno.TcpListener;
  readonly #closing = new AbortController();
  readonly #open = new Set<Deno.Conn>();
  readonly #running: Promise<void>;
  readonly #connections = new Map<string, number>();

  private constructor(options: FaultProxyOptions, listener: Deno.TcpListener) {
    this.#options = options;
    this.#listener = listener;
    this.#running = this.#accept();
  }

  /** Starts one; throws when the address is taken. */
  static listen(options: FaultProxyOptions): FaultProxy {
    const { hostname, port } = options;
    return new FaultProxy(options, Deno.listen({ hostname, port }));
  }

  /** `host:port` where it listens. */
  get address(): string {
    const { hostname, port } = this.#listener.addr;
    return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  }

  /** The path by which `user` asks for `path`. */
  static pathFor(user: string, path: string): string {
    return `/@${encodeURIComponent(user)}${path}`;
  }

  /** How many WebSockets `user` has opened by its path. */
  connectionsOf(user: string): number {
    return this.#connections.get(user) ?? 0;
  }

  /** Cuts everything and listens no more. */
  async close(): Promise<void> {
    this.#listener.close();
    this.#closing.abort();
    for (const connection of this.#open) closeConnection(connection);
    await this.#running;
  }

  async #accept(): Promise<void> {
    const running = new Set<Promise<void>>();
    for await (const client of this.#listener) {
      const serving = this.#serve(client).finally(() => running.delete(serving));
      running.add(serving);
    }
    await Promise.all(running);
  }

  /** One connection of a client, from its head to its end. */
  async #serve(client: Deno.TcpConn): Promise<void> {
    this.#open.add(client);
    let server: Deno.Conn | undefined;
    try {
      client.setNoDelay(true);
      const request = await this.#readHead(client);
      if (request === undefined) return;
      server = await this.#connect();
      if (server === undefined) return void await client.write(BAD_GATEWAY);
      await this.#forward(request, { client, server });
    } catch (error) {
      if (!isConnectionEnd(error)) throw error;
      // Either side has gone: the other goes as well, which is all that a proxy has to say.
    } finally {
      for (const one of [client, server]) {
        if (one === undefined) continue;
        this.#open.delete(one);
        closeConnection(one);
      }
    }
  }

  /** The server; undefined when it cannot be reached. */
  async #connect(): Promise<Deno.Conn | undefined> {
    try {
      const server = await connectTo(this.#options.target);
      this.#open.add(server);
      if (this.#closing.signal.aborted) closeConnection(server);
      return server;
    } catch {
      return undefined; // The client is told by 502.
    }
  }

  async #forward(
    request: Opening,
    { client, server }: { client: Deno.Conn; server: Deno.Conn },
  ): Promise<void> {
    const { user, path } = this.#destination(pathOf(request.head));
    const { host, protocol } = this.#options.target;
    const origin = `${isSecure(protocol) ? "https" : "http"}://${host}`;
    const head = rewriteRequest(request.head, { host, origin, path });
    await writeAll(server, encodeHead(head));
    if (!asksForWebSocket(head)) {
      await writeAll(server, request.rest);
      return await carry(client, server);
    }
    const response = await this.#readHead(server);
    if (response === undefined) return;
    await writeAll(client, encodeHead(response.head));
    if (response.head.start.split(" ")[1] !== "101") {
      await writeAll(client, response.rest);
      return await carry(client, server);
    }
    const { plan, seed, clock, onDecision } = this.#options;
    await new FaultyConnection({
      client,
      server,
      first: { "to-server": request.rest, "to-client": response.rest },
      name: { key: user ?? "", connection: this.#number(user ?? ""), user },
      isPacked: headerOf(response.head, "sec-websocket-protocol") === SUBPROTOCOL,
      plan,
      seed,
      clock,
      onDecision,
      signal: this.#closing.signal,
    }).run();
  }

  /** Whose connection it is, and the path that the server knows. */
  #destination(path: string): { user: string | undefined; path: string } {
    const named = /^\/@([^/]+)(\/.*)$/.exec(path);
    if (this.#options.isUserInPath !== true || named === null) return { user: undefined, path };
    return { user: decodeURIComponent(named[1]!), path: named[2]! };
  }

  #number(key: string): number {
    const number = (this.#connections.get(key) ?? 0) + 1;
    this.#connections.set(key, number);
    return number;
  }

  /** The head that a side sends first; undefined when none comes. */
  async #readHead(from: Deno.Conn): Promise<Opening | undefined> {
    const cancel = this.#options.clock.after(HEAD_TIMEOUT_MS, () => closeConnection(from));
    try {
      let bytes: Uint8Array = new Uint8Array(0);
      const buffer = new Uint8Array(READ_BYTES);
      while (bytes.length <= MAX_HEAD_BYTES) {
        const length = await from.read(buffer);
        if (length === null) return undefined;
        bytes = joined(bytes, buffer.subarray(0, length));
        const found = headOf(bytes);
        if (found !== undefined) return { head: found.head, rest: bytes.subarray(found.length) };
      }
      return undefined;
    } finally {
      cancel();
    }
  }
}

/** Connects to the origin of `target`; rejects when nobody answers there. */
export async function connectTo({ hostname, port, protocol }: URL): Promise<Deno.Conn> {
  const host = hostname.replace(/^\[|\]$/g, ""); // A URL writes IPv6 in brackets.
  if (isSecure(protocol)) {
    return await Deno.connectTls({ hostname: host, port: port === "" ? 443 : Number(port) });
  }
  const connection = await Deno.connect({ hostname: host, port: port === "" ? 80 : Number(port) });
  connection.setNoDelay(true);
  return connection;
}

function isSecure(protocol: string): boolean {
  return protocol === "https:" || protocol === "wss:";
}

/** Bytes both ways, until the server has said everything. */
async function carry(client: Deno.Conn, server: Deno.Conn): Promise<void> {
  const up = client.readable.pipeTo(server.writable, { preventClose: true })
    .then(() => server.closeWrite())
    .catch(() => {}); // The client has gone, or the server has answered early.
  await server.readable.pipeTo(client.writable).catch(() => {}); // The client has gone.
  closeConnection(client);
  closeConnection(server);
  await up;
}
