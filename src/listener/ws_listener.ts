/**
 * The port for the open internet: `node:http` with the sockets of the package `ws`, behind the same
 * handler and the same door as `Deno.serve`. It bounds what that cannot: a message before it is put
 * together, slow headers and handshakes, the connections of one address. It takes over a renewed
 * certificate while sockets stay open.
 */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../base/mod.ts";
import {
  addressKey,
  AddressLimit,
  badHandshake,
  type Handler,
  type RequestOrigin,
  type SocketDoor,
} from "../http/mod.ts";
import { MAX_FRAGMENTS, OVERSIZE_FACTOR, SOCKET_PATH } from "../protocol/mod.ts";
import { attachWsSocket } from "../signaling/mod.ts";
import { Deadlines } from "./deadlines.ts";
import type { Listener, ListenerAddress } from "./listener.ts";
import type { TlsPair } from "./tls_pair.ts";
import { writeResponse } from "./raw_response.ts";

/** After our close frame a peer has this long to answer; a stalled one never does. */
const CLOSE_TIMEOUT_MS = 1_000;
/** Pieces in which one frame may arrive: packets are a kilobyte, a client that drips is hostile. */
const MAX_CHUNKS = 4_096;
/** Where the rate of messages is set low, a client is still read as fast as this. */
const MIN_BYTES_PER_SECOND = 4 * 1024 * 1024;
/** Connections that the kernel may hold for us: beyond it, a client waits a second for its next try. */
const BACKLOG = 4_096;
/** A stopping listener waits this long for answers under way. */
const SHUTDOWN_WAIT_MS = 500;
/** Connections beside the sockets: an address that holds all its sockets can still load the page. */
const HTTP_SHARE = 2;

/** What the listener needs. */
export type WsListenerOptions = {
  readonly address: ListenerAddress;
  readonly handler: Handler;
  readonly door: SocketDoor;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly maxMessageBytes: number;
  readonly messagesPerSecond: number;
  /** Sockets of one address; of connections it may have twice as many. */
  readonly maxPerAddress: number;
};

/** Starts to serve. Rejects with Node's error for an address that cannot be bound. */
export async function listenWs(options: WsListenerOptions): Promise<Listener> {
  const { address: { hostname, port, tls }, handler, door, clock, maxPerAddress } = options;
  const deadlines = new Deadlines(clock);
  const connections = new AddressLimit(maxPerAddress * HTTP_SHARE);
  const answer = getRequestListener(
    (request, { incoming: { socket } }) => handler(request, originOf(socket)),
    { overrideGlobalObjects: false },
  );
  const { server, renew } = createServer(tls, (incoming, outgoing) => {
    deadlines.requested(incoming, outgoing);
    answer(incoming, outgoing);
  });
  server.on("connection", (socket: Socket) => {
    const peer = socket.remoteAddress ?? "";
    const key = door.proxies.has(peer) ? undefined : addressKey(peer);
    if (connections.isFull(key)) {
      socket.destroy();
      return;
    }
    socket.once("close", connections.enter(key));
    deadlines.accepted(socket);
  });
  server.on("upgrade", upgradeOf(options, deadlines));
  server.keepAliveTimeout = 0; // Node's own ends idle connections before their deadline.
  server.on("clientError", (_error: Error, stream: Duplex) => stream.destroy());
  server.on("tlsClientError", (_error: Error, stream: Duplex) => stream.destroy());
  await bind(server, { hostname, port });
  return {
    port: (server.address() as AddressInfo).port, // It is bound to an address and a port.
    renew,
    shutdown: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await deadlines.end(SHUTDOWN_WAIT_MS);
      await closed;
    },
  };
}

/** The other end of a connection, as `Deno.serve` tells it; a connection that is gone has none. */
function originOf(
  { remoteAddress: hostname, remotePort: port }: Pick<Socket, "remoteAddress" | "remotePort">,
): RequestOrigin | undefined {
  if (hostname === undefined || port === undefined) return undefined;
  return { remoteAddr: { transport: "tcp", hostname, port } };
}

function createServer(
  tls: TlsPair | undefined,
  onRequest: RequestListener,
): { server: Server; renew: Listener["renew"] } {
  if (tls === undefined) return { server: createHttpServer(onRequest), renew: undefined };
  const server = createHttpsServer(tls, onRequest);
  return { server, renew: (renewed) => server.setSecureContext(renewed) };
}

/** Makes sockets of the handshakes that the door admits, and answers the others. */
function upgradeOf(
  options: WsListenerOptions,
  deadlines: Deadlines,
): (incoming: IncomingMessage, stream: Duplex, head: Buffer) => void {
  const { handler, door, clock, heartbeatMs, maxMessageBytes, messagesPerSecond } = options;
  // Twice what the rate allows of the longest messages: who sends more is refused, and then closed.
  const allowed = 2 * maxMessageBytes * messagesPerSecond;
  const maxBytesPerSecond = Math.max(allowed, MIN_BYTES_PER_SECOND);
  const limits = { clock, heartbeatMs, maxBytesPerSecond };
  const protocols = new WeakMap<IncomingMessage, string>();
  const bounds: ServerOptions & Bounds = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes * OVERSIZE_FACTOR,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_CHUNKS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    // The door has selected one already; the library may send only what the client has offered.
    handleProtocols: (_offered, incoming) => protocols.get(incoming) ?? false,
  };
  const server = new WebSocketServer(bounds);
  server.on("wsClientError", (error, stream) => writeResponse(stream, badHandshake(error)));
  return async (incoming, stream, head) => {
    stream.on("error", () => {}); // The peer is gone; there is nobody to answer.
    const request = requestOf(incoming);
    if (request instanceof Error) return writeResponse(stream, badHandshake(request));
    if (new URL(request.url).pathname !== SOCKET_PATH) {
      return writeResponse(stream, await handler(request, originOf(incoming.socket)));
    }
    const admission = await door.knock(request, incoming.socket.remoteAddress);
    if (admission.kind === "refused") return writeResponse(stream, admission.response);
    protocols.set(incoming, admission.protocol);
    server.handleUpgrade(incoming, stream, head, (native: WebSocket) => {
      deadlines.upgraded(incoming.socket);
      attachWsSocket(native, admission.listener, { ...limits, stream });
    });
  };
}

/** Bounds of `ws` 8.23 that its types do not have yet. */
type Bounds = { maxFragments: number; maxBufferedChunks: number; closeTimeout: number };

/** The headers of an upgrade as a Fetch request, or why they are none. */
function requestOf({ method = "", url = "", headers: { host }, rawHeaders }: IncomingMessage) {
  try {
    const headers = new Headers();
    for (let n = 0; n + 1 < rawHeaders.length; n += 2) {
      headers.append(rawHeaders[n]!, rawHeaders[n + 1]!);
    }
    return new Request(new URL(url, `http://${host}`), { method, headers });
  } catch (error) {
    return error instanceof Error ? error : new Error(`${error}`);
  }
}

function bind(server: Server, { hostname, port }: { hostname: string; port: number }) {
  return new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, BACKLOG, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
