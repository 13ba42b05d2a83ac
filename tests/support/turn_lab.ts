/** TURN servers of our own, with clients, on loopback. */
import { createSocket, type Socket } from "node:dgram";
import { type Attributes, TurnExchange, type TurnTarget } from "../../cli/doctor/turn_exchange.ts";
import { type Clock, systemClock, systemRandom } from "../../src/base/mod.ts";
import { passwordOf } from "../../src/turn/credentials.ts";
import { relayPortsIn } from "../../src/turn/relay_port.ts";
import { ATTRIBUTE, METHOD, type StunMessage, writeMessage } from "../../src/turn/stun_message.ts";
import {
  readXorAddress,
  type TransportAddress,
  writeXorAddress,
} from "../../src/turn/transport_address.ts";
import { TurnListener } from "../../src/turn/turn_listener.ts";
import { TurnServer } from "../../src/turn/turn_server.ts";
import { freePort } from "./ports.ts";

/** What the labs' credentials are made with. */
export const TURN_SECRET = "a secret of the test";
/** UDP, as an Allocate wants it. */
export const OVER_UDP: Attributes = [[ATTRIBUTE.requestedTransport, Uint8Array.of(17, 0, 0, 0)]];

/** A user name that is good for a minute. */
export function soonUsername(holder = "test/ann"): string {
  return `${Math.floor(Date.now() / 1000) + 60}:${holder}`;
}

/** A server on real sockets of loopback. */
export class TurnLab {
  readonly port: number = freePort();
  readonly server: TurnServer;
  #listener: TurnListener | undefined;

  private constructor(
    clock: Clock,
    mediaPorts: readonly number[],
    ownAddresses: readonly string[],
  ) {
    const address = "127.0.0.1";
    const range = { from: 20_000, to: 29_999 };
    this.server = new TurnServer({
      ...{ secret: TURN_SECRET, mediaPorts, ownAddresses, clock },
      ...{ relayAddress: address, mediaAddress: address },
      openRelay: relayPortsIn(range, { bindAddress: address, random: systemRandom }),
    });
  }

  static async start(
    options: { clock?: Clock; mediaPorts?: readonly number[]; ownAddresses?: readonly string[] } =
      {},
  ): Promise<TurnLab> {
    const { clock = systemClock, mediaPorts = [], ownAddresses = ["127.0.0.1"] } = options;
    const lab = new TurnLab(clock, mediaPorts, ownAddresses);
    const { port, server } = lab;
    lab.#listener = await TurnListener.open({ server, port, bindAddress: "127.0.0.1", clock });
    return lab;
  }

  get listener(): TurnListener {
    if (this.#listener === undefined) throw new Error("The lab is not open");
    return this.#listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener?.close();
  }

  /** A client with credentials of the secret, unless told otherwise. */
  client(
    transport: TurnTarget["transport"] = "udp",
    { username = soonUsername(), credential = passwordOf(username, TURN_SECRET) } = {},
  ): Promise<LabClient> {
    return LabClient.open({ host: "127.0.0.1", port: this.port, transport }, {
      username,
      credential,
    });
  }
}

/** A client that keeps what it hears. */
export class LabClient {
  readonly #exchange: TurnExchange;

  private constructor(
    exchange: TurnExchange,
    /** Frames that are no answers. */
    readonly heard: readonly Uint8Array[],
  ) {
    this.#exchange = exchange;
  }

  static async open(
    target: TurnTarget,
    credentials: { username: string; credential: string },
  ): Promise<LabClient> {
    const heard: Uint8Array[] = [];
    const received = (frame: Uint8Array) => void heard.push(frame.slice());
    const options = { ...credentials, clock: systemClock, received };
    return new LabClient(await TurnExchange.open(target, options), heard);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#exchange[Symbol.asyncDispose]();
  }

  request(method: number, attributes: Attributes = []): Promise<StunMessage> {
    return this.#exchange.request(method, attributes);
  }

  send(bytes: Uint8Array): void {
    this.#exchange.send(bytes);
  }

  /** Allocates; resolves to the relayed address. */
  async allocate(): Promise<TransportAddress> {
    const { attributes } = await this.request(METHOD.allocate, OVER_UDP);
    const relayed = readXorAddress(attributes.get(ATTRIBUTE.xorRelayedAddress));
    if (relayed === undefined || relayed === "other-family") throw new Error("No relay address");
    return relayed;
  }

  /** Lets datagrams of a peer pass. */
  permit(peer: TransportAddress): Promise<StunMessage> {
    return this.request(METHOD.createPermission, [peerAttribute(peer)]);
  }

  /** Binds a channel. */
  bind(channel: number, peer: TransportAddress): Promise<StunMessage> {
    const number = Uint8Array.of(channel >> 8, channel & 0xff, 0, 0);
    return this.request(METHOD.channelBind, [
      [ATTRIBUTE.channelNumber, number],
      peerAttribute(peer),
    ]);
  }

  /** Sends to a peer in an indication. */
  sendTo(peer: TransportAddress, text: string): void {
    this.send(writeMessage({
      ...{ kind: "indication", method: METHOD.send, transactionId: new Uint8Array(12) },
      attributes: [peerAttribute(peer), [ATTRIBUTE.data, new TextEncoder().encode(text)]],
    }));
  }

  /** Sends over a channel. */
  sendOver(channel: number, text: string): void {
    const data = new TextEncoder().encode(text);
    const bytes = new Uint8Array(4 + ((data.length + 3) & ~3));
    bytes.set([channel >> 8, channel & 0xff, 0, data.length]);
    bytes.set(data, 4);
    this.send(bytes);
  }
}

/** XOR-PEER-ADDRESS; over IPv4 the transaction does not count. */
export function peerAttribute(peer: TransportAddress): readonly [number, Uint8Array] {
  return [ATTRIBUTE.xorPeerAddress, writeXorAddress(peer, new Uint8Array(12))];
}

/** A peer on loopback that answers each datagram with it. */
export class EchoPeer {
  readonly heard: string[] = [];
  readonly #socket: Socket = createSocket("udp4");

  static async open(): Promise<EchoPeer> {
    const peer = new EchoPeer();
    await new Promise<void>((resolve) => peer.#socket.bind(0, "127.0.0.1", resolve));
    peer.#socket.on("message", (bytes: Uint8Array, { address, port }) => {
      peer.heard.push(new TextDecoder().decode(bytes));
      peer.#socket.send(bytes, port, address);
    });
    return peer;
  }

  get address(): TransportAddress {
    return { address: "127.0.0.1", port: this.#socket.address().port };
  }

  /** Sends something unasked. */
  send(text: string, { address, port }: TransportAddress): void {
    this.#socket.send(new TextEncoder().encode(text), port, address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }
}
