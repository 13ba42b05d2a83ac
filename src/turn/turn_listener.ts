/**
 * The sockets of a TURN server: one UDP port and the same TCP port. A datagram costs nothing that
 * stays; a TCP connection without an allocation is ended soon, and one that does not read loses data,
 * then itself. The worker opens one; tests do too.
 */
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import type { Cancel, Clock } from "../base/mod.ts";
import type { TurnClient } from "./allocation.ts";
import { StreamFrames } from "./stream_frames.ts";
import { plainAddress } from "./transport_address.ts";
import type { TurnServer } from "./turn_server.ts";

/** TCP connections at once; each has a file. */
export const MAX_CONNECTIONS = 1_000;
/** Of one address, behind which an office may sit. */
export const MAX_CONNECTIONS_PER_ADDRESS = 128;
/** A connection that has no allocation by then wants none. */
export const IDLE_MS = 20_000;
/** What may wait for a client over TCP; beyond it data are lost, as over UDP. */
export const MAX_WAITING_DATA_BYTES = 262_144;
/** Answers wait behind data; a client that reads neither is gone. */
export const MAX_WAITING_BYTES = 524_288;
const SWEEP_MS = 5_000;

/** What a listener is opened with. */
export type TurnListenerOptions = {
  readonly server: TurnServer;
  readonly port: number;
  readonly bindAddress: string;
  readonly clock: Clock;
};

type Connection = { readonly socket: Socket; readonly client: TurnClient; idleSince: number };

/** The open port. */
export class TurnListener {
  readonly #options: TurnListenerOptions;
  readonly #udp: UdpSocket;
  readonly #tcp: Server;
  readonly #connections = new Set<Connection>();
  readonly #cancelSweep: Cancel;

  private constructor(options: TurnListenerOptions, udp: UdpSocket, tcp: Server) {
    this.#options = options;
    this.#udp = udp;
    this.#tcp = tcp;
    this.#cancelSweep = options.clock.every(SWEEP_MS, () => this.#sweep());
    udp.on("error", () => {}); // A datagram that could not be sent is lost, as datagrams are.
    udp.on("message", (bytes, { address, port }) => {
      const from = { address: plainAddress(address), port };
      options.server.receive({
        key: `udp ${address} ${port}`,
        from,
        send: (answer) => udp.send(answer, port, address, () => {}),
      }, bytes);
    });
    tcp.on("error", () => {}); // Of one connection that could not be accepted.
    tcp.on("connection", (socket) => this.#accept(socket));
  }

  /** Takes both ports. Rejects with the system's error. */
  static async open(options: TurnListenerOptions): Promise<TurnListener> {
    const { port, bindAddress } = options;
    const udp = createSocket(bindAddress.includes(":") ? "udp6" : "udp4");
    const tcp = createServer();
    try {
      await opened(udp, () => udp.bind({ port, address: bindAddress, exclusive: true }));
      await opened(tcp, () => tcp.listen(port, bindAddress));
    } catch (error) {
      udp.close();
      tcp.close();
      throw error;
    }
    return new TurnListener(options, udp, tcp);
  }

  /** How many TCP connections there are. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Gives the ports back; resolves when every socket is gone. */
  async close(): Promise<void> {
    this.#cancelSweep();
    this.#options.server.close();
    for (const { socket } of this.#connections) socket.destroy();
    await Promise.all([
      new Promise<void>((resolve) => this.#udp.close(() => resolve())),
      new Promise<void>((resolve) => this.#tcp.close(() => resolve())),
    ]);
  }

  #accept(socket: Socket): void {
    const { server, clock } = this.#options;
    socket.on("error", () => {}); // Its close follows.
    const address = plainAddress(socket.remoteAddress ?? "");
    const port = socket.remotePort ?? 0;
    const isFull = this.#connections.size >= MAX_CONNECTIONS ||
      this.#countOf(address) >= MAX_CONNECTIONS_PER_ADDRESS;
    // One that is gone already has no address.
    if (address === "" || isFull) return void socket.destroy();
    const client: TurnClient = {
      key: `tcp ${address} ${port}`,
      from: { address, port },
      send: (bytes, kind) => {
        if (kind === "data" && socket.writableLength > MAX_WAITING_DATA_BYTES) return;
        if (socket.writableLength > MAX_WAITING_BYTES) return void socket.destroy();
        socket.write(bytes);
      },
    };
    const connection = { socket, client, idleSince: clock.elapsed() };
    this.#connections.add(connection);
    socket.setNoDelay(true);
    const frames = new StreamFrames();
    socket.on("data", (chunk: Uint8Array) => {
      const whole = frames.take(chunk);
      if (whole === undefined) return void socket.destroy();
      for (const frame of whole) server.receive(client, frame);
    });
    socket.on("close", () => {
      this.#connections.delete(connection);
      server.gone(client);
    });
  }

  #countOf(address: string): number {
    let count = 0;
    for (const { client } of this.#connections) if (client.from.address === address) count++;
    return count;
  }

  #sweep(): void {
    const now = this.#options.clock.elapsed();
    for (const connection of this.#connections) {
      if (this.#options.server.serves(connection.client)) connection.idleSince = now;
      else if (now - connection.idleSince >= IDLE_MS) connection.socket.destroy();
    }
  }
}

/** Resolves when the socket listens; rejects with its first error. */
function opened(socket: UdpSocket | Server, open: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("listening", () => {
      socket.removeListener("error", reject);
      resolve();
    });
    open();
  });
}
