/** What the checks of `deno task doctor` are given, and servers that are not as they should be. */
import type { AddressInfo } from "node:net";
// @ts-types="@types/ws"
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import type { SiteContext } from "../../cli/doctor/check.ts";
import { readSite } from "../../cli/doctor/site.ts";
import { systemClock } from "../../src/base/mod.ts";

/** The context of a look at `url`. */
export function lookAt(url: string, changes: Partial<SiteContext> = {}): SiteContext {
  const site = readSite(url);
  return {
    site,
    clock: systemClock,
    signal: new AbortController().signal,
    token: undefined,
    origin: site.origin,
    waitMs: undefined,
    ...changes,
  };
}

/** A server that answers every request with what it is given. */
export class Answering {
  readonly address: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(
    answer: (request: Request) => Response | Promise<Response>,
    tls: { cert?: string; key?: string } = {},
  ) {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    const { cert, key } = tls;
    this.#server = cert === undefined || key === undefined
      ? Deno.serve(options, answer)
      : Deno.serve({ ...options, cert, key }, answer);
    this.address = `${cert === undefined ? "http" : "https"}://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** A proxy that passes requests on but knows nothing of upgrades. */
export function strippingProxy(upstream: string): Answering {
  return new Answering(async (request) => {
    const { pathname, search } = new URL(request.url);
    const response = await fetch(`${upstream}${pathname}${search}`);
    return new Response(await response.text(), response);
  });
}

/** A WebSocket server of another kind. */
export class OtherServer {
  readonly address: string;
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // It is bound.
  }

  /** Starts one; `onSocket` hears of each connection. */
  static async start(
    onSocket: (socket: WebSocket) => void,
    options: ServerOptions = {},
  ): Promise<OtherServer> {
    const server = new WebSocketServer({ ...options, host: "127.0.0.1", port: 0 });
    server.on("connection", (socket) => {
      socket.on("error", () => {}); // The close follows.
      onSocket(socket);
    });
    await new Promise((resolve) => server.once("listening", resolve));
    return new OtherServer(server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
