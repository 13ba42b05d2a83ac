/**
 * A WebSocket server that is wrong once: a proxy that passes every frame of a correct server and
 * injects one fault of `faults.ts`. The tests of the harness point `simulate` at it; by hand:
 *
 *     deno run -A tests/support/faulty_server.ts drop-user-left
 *
 * It starts the correct server itself, prints its own URL as the first line, and runs until it is
 * ended.
 */
import { Connection } from "../../cli/client.ts";
import { type LocalServer, startLocalServer } from "../../cli/local_server.ts";
import { SUBPROTOCOL } from "../../src/protocol/wire.ts";
import { type Fault, faults, GHOST_ROOM, type Message, type Receiver } from "./faults.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/** Starts the proxy in front of `target`; `fault` is a name of `faults`, or {@linkcode GHOST_ROOM}. */
export function startFaultyServer(
  target: string,
  fault: string,
): Deno.HttpServer<Deno.NetAddr> {
  const inject = faults[fault];
  if (inject === undefined && fault !== GHOST_ROOM) {
    const names = [...Object.keys(faults), GHOST_ROOM].join(", ");
    throw new RangeError(`Cannot inject "${fault}": expected one of ${names}`);
  }
  const proxy = new FaultyProxy(target, inject ?? (() => undefined));
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/ws") return proxy.upgrade(request);
    const answer = await fetch(new URL(pathname, target.replace(/^ws/, "http")));
    const body = await answer.text();
    if (fault !== GHOST_ROOM || answer.status !== 404) {
      return new Response(body, { status: answer.status });
    }
    return Response.json({ roomId: decodeURIComponent(pathname.split("/").at(-1) ?? "") });
  });
}

class FaultyProxy {
  readonly #target: string;
  readonly #inject: Fault;
  readonly #sockets = new Map<Receiver, WebSocket>();
  #hasStruck = false;

  constructor(target: string, inject: Fault) {
    this.#target = target;
    this.#inject = inject;
  }

  upgrade(request: Request): Response {
    const offers = request.headers.get("sec-websocket-protocol")?.includes(SUBPROTOCOL);
    const { socket, response } = Deno.upgradeWebSocket(
      request,
      offers ? { protocol: SUBPROTOCOL } : {},
    );
    const receiver: Receiver = { userId: "", roomId: "", held: undefined };
    const upstream = Connection.connect(this.#target, {
      timeoutMs: CONNECT_TIMEOUT_MS,
      onMessage: (message) => this.#pass(message as Message, receiver), // The server is correct.
      onEnd: ({ code, reason }) => socket.close(code === 1006 ? 1011 : code, reason),
    });
    socket.onopen = () => this.#sockets.set(receiver, socket);
    socket.onmessage = async ({ data }) => (await upstream).sendText(data);
    socket.onerror = () => {}; // A dropped client; the close event follows.
    socket.onclose = async () => {
      this.#sockets.delete(receiver);
      await (await upstream).drop();
    };
    return response;
  }

  #pass(message: Message, receiver: Receiver): void {
    if (message.type === "joined") {
      receiver.userId = String(message.userId);
      receiver.roomId = String(message.roomId);
    }
    if (message.type === "leaved") receiver.roomId = "";
    const inRooms = [...this.#sockets.keys()].filter(({ roomId }) => roomId !== "");
    const deliveries = this.#hasStruck ? undefined : this.#inject(message, receiver, inRooms);
    if (deliveries !== undefined) this.#hasStruck = true;
    // A fault that keeps a message back for now strikes with the next.
    else if (receiver.held === message) return;
    for (const { to, message: changed } of deliveries ?? [{ to: receiver, message }]) {
      const socket = this.#sockets.get(to);
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(changed));
    }
  }
}

if (import.meta.main) {
  const server: LocalServer = await startLocalServer({ users: 100, rooms: 100 });
  const { port } = startFaultyServer(server.url, Deno.args[0] ?? "").addr;
  await Deno.stdout.write(new TextEncoder().encode(`ws://127.0.0.1:${port}/ws\n`));
}
