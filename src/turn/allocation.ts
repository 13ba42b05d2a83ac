/**
 * One allocation (RFC 8656, section 3): a client's port at the relay, whom it may exchange datagrams
 * with, its channels, and how long it has. The set of them makes and ends it.
 */
import type { Clock } from "../base/mod.ts";
import type { PeerPlace } from "./peer_policy.ts";
import type { RelayPort } from "./relay_port.ts";
import { CHANNEL_HEADER_LENGTH } from "./stream_frames.ts";
import { ATTRIBUTE, METHOD, writeMessage } from "./stun_message.ts";
import { type TransportAddress, writeXorAddress } from "./transport_address.ts";

/** RFC 8656, section 9: a permission lasts five minutes. */
export const PERMISSION_MS = 300_000;
/** RFC 8656, section 12: a channel lasts ten. */
export const CHANNEL_MS = 600_000;
/** Addresses that one client may speak with; browsers try each candidate of the other side. */
export const MAX_PERMISSIONS = 64;
/** Channels of one client. */
export const MAX_CHANNELS = 64;
/** What one client may have relayed, both ways together: 16 Mbit/s, and a second of it at once. */
export const BYTES_PER_SECOND = 2_000_000;
/** However often it is refreshed, it ends after this long; the client makes another. */
export const MAX_AGE_MS = 12 * 3_600_000;

/** Who asked for it, over UDP or TCP. */
export interface TurnClient {
  /** Names its way to the server: the 5-tuple. */
  readonly key: string;
  readonly from: TransportAddress;
  /** Sends to it; data may be lost where it reads too slowly, an answer may not. */
  send(bytes: Uint8Array, kind: "answer" | "data"): void;
}

/** With which credentials. */
export type Credentials = {
  readonly username: string;
  /** Whom they are for. */
  readonly holder: string;
  readonly key: Uint8Array;
};

/** What an allocation is made with. */
export type AllocationOptions = {
  readonly client: TurnClient;
  readonly credentials: Credentials;
  /** Of the request that asked for it: a repetition of that is answered the same. */
  readonly transactionId: Uint8Array;
  readonly clock: Clock;
  /** What is at an address. */
  readonly placeOf: (peer: TransportAddress) => PeerPlace;
  /** Hands a datagram to another relay of this server, without a socket. */
  readonly deliver: (data: Uint8Array, toPort: number, fromPort: number) => void;
  /** Where the media ports of this machine are bound. */
  readonly mediaAddress: string;
};

type Channel = { readonly peer: TransportAddress; endsAt: number };

/** One allocation. */
export class Allocation {
  readonly #options: AllocationOptions;
  readonly #relay: RelayPort;
  readonly #madeAt: number;
  readonly #permissions = new Map<string, number>();
  readonly #channels = new Map<number, Channel>();
  readonly #numbers = new Map<string, number>();
  /** By which address the client calls the media ports. */
  #mediaName: string | undefined;
  #endsAt = 0;
  #allowance = BYTES_PER_SECOND;
  #countedAt: number;
  #relayedBytes = 0;

  /** Lives from now on; {@linkcode refresh} says how long. */
  constructor(options: AllocationOptions, relay: RelayPort) {
    this.#options = options;
    this.#relay = relay;
    this.#madeAt = options.clock.elapsed();
    this.#countedAt = this.#madeAt;
  }

  /** Whose it is. */
  get credentials(): Credentials {
    return this.#options.credentials;
  }

  /** Who has it. */
  get client(): TurnClient {
    return this.#options.client;
  }

  /** The request that asked for it. */
  get transactionId(): Uint8Array {
    return this.#options.transactionId;
  }

  /** Its port at the relay. */
  get port(): number {
    return this.#relay.port;
  }

  /** Bytes that it has relayed, both ways. */
  get relayedBytes(): number {
    return this.#relayedBytes;
  }

  /** Whether its time is over. */
  get isOver(): boolean {
    return this.#now() >= this.#endsAt;
  }

  /** Gives it another `lifetimeS`, as far as it may live. Returns how many seconds it has. */
  refresh(lifetimeS: number): number {
    this.#endsAt = Math.min(this.#now() + lifetimeS * 1000, this.#madeAt + MAX_AGE_MS);
    return Math.max(0, Math.round((this.#endsAt - this.#now()) / 1000));
  }

  /** Lets datagrams of an address pass; false: it has as many permissions as it may. */
  permit(address: string, lastingMs: number = PERMISSION_MS): boolean {
    if (!this.#permissions.has(address)) {
      if (this.#permissions.size >= MAX_PERMISSIONS) this.#forgetPermissions();
      if (this.#permissions.size >= MAX_PERMISSIONS) return false;
    }
    const endsAt = this.#now() + lastingMs;
    this.#permissions.set(address, Math.max(endsAt, this.#permissions.get(address) ?? 0));
    return true;
  }

  /** Binds a channel to a peer, or says why not. */
  bind(channel: number, peer: TransportAddress): "bound" | "conflict" | "full" {
    this.#forgetChannels();
    const name = nameOf(peer);
    const bound = this.#channels.get(channel);
    const isOther = bound !== undefined && nameOf(bound.peer) !== name;
    if (isOther || (this.#numbers.get(name) ?? channel) !== channel) return "conflict";
    if (bound === undefined && this.#channels.size >= MAX_CHANNELS) return "full";
    if (!this.permit(peer.address, CHANNEL_MS)) return "full";
    this.#channels.set(channel, { peer, endsAt: this.#now() + CHANNEL_MS });
    this.#numbers.set(name, channel);
    return "bound";
  }

  /** The client sends over a channel; nothing is sent over one that is not bound. */
  sendOver(channel: number, data: Uint8Array): void {
    const { peer, endsAt = 0 } = this.#channels.get(channel) ?? {};
    if (peer !== undefined && endsAt > this.#now()) this.send(data, peer);
  }

  /** The client sends to a peer; lost where it may not, or sends too much. */
  send(data: Uint8Array, peer: TransportAddress): void {
    if (!this.#mayPass(peer.address) || !this.#take(data.length)) return;
    const { placeOf, deliver, mediaAddress } = this.#options;
    switch (placeOf(peer)) {
      case "denied":
        return;
      case "outside":
        return this.#relay.send(data, peer);
      case "relay":
        return deliver(data, peer.port, this.port);
      case "media":
        // What is sent to the public address of this machine need not find its way back.
        this.#mediaName = peer.address;
        return this.#relay.send(data, { address: mediaAddress, port: peer.port });
    }
  }

  /** A datagram came in at the port. */
  receive(data: Uint8Array, from: TransportAddress): void {
    const { mediaAddress, placeOf } = this.#options;
    const isMedia = from.address === mediaAddress && this.#mediaName !== undefined &&
      placeOf({ address: this.#mediaName, port: from.port }) === "media";
    if (isMedia) return this.#pass(data, { address: this.#mediaName!, port: from.port });
    if (placeOf(from) === "outside") this.#pass(data, from);
  }

  /** Another relay of this server sends to it. */
  receiveInside(data: Uint8Array, from: TransportAddress): void {
    this.#pass(data, from);
  }

  /** Gives the port back. */
  close(): void {
    this.#endsAt = 0;
    this.#relay.close();
  }

  #pass(data: Uint8Array, from: TransportAddress): void {
    if (this.isOver || !this.#mayPass(from.address) || !this.#take(data.length)) return;
    const channel = this.#numbers.get(nameOf(from));
    const isBound = channel !== undefined &&
      (this.#channels.get(channel)?.endsAt ?? 0) > this.#now();
    const bytes = isBound ? channelData(channel, data) : dataIndication(data, from);
    this.client.send(bytes, "data");
  }

  #mayPass(address: string): boolean {
    return (this.#permissions.get(address) ?? 0) > this.#now();
  }

  /** Whether so many bytes are within what it may have relayed. */
  #take(bytes: number): boolean {
    const now = this.#now();
    const earned = (now - this.#countedAt) / 1000 * BYTES_PER_SECOND;
    this.#allowance = Math.min(BYTES_PER_SECOND, this.#allowance + earned);
    this.#countedAt = now;
    if (this.#allowance < bytes) return false;
    this.#allowance -= bytes;
    this.#relayedBytes += bytes;
    return true;
  }

  #forgetPermissions(): void {
    for (const [address, endsAt] of this.#permissions) {
      if (endsAt <= this.#now()) this.#permissions.delete(address);
    }
  }

  #forgetChannels(): void {
    for (const [channel, { peer, endsAt }] of this.#channels) {
      if (endsAt > this.#now()) continue;
      this.#channels.delete(channel);
      this.#numbers.delete(nameOf(peer));
    }
  }

  #now(): number {
    return this.#options.clock.elapsed();
  }
}

function nameOf({ address, port }: TransportAddress): string {
  return `${address}:${port}`;
}

/** RFC 8656, section 12.4; padded, as TCP wants it and UDP allows it. */
function channelData(channel: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CHANNEL_HEADER_LENGTH + ((data.length + 3) & ~3));
  bytes.set([channel >> 8, channel & 0xff, data.length >> 8, data.length & 0xff]);
  bytes.set(data, CHANNEL_HEADER_LENGTH);
  return bytes;
}

/** Nobody answers an indication, so its transaction has no need to be told from others. */
function dataIndication(data: Uint8Array, from: TransportAddress): Uint8Array {
  const transactionId = new Uint8Array(12);
  return writeMessage({
    kind: "indication",
    method: METHOD.data,
    transactionId,
    attributes: [
      [ATTRIBUTE.xorPeerAddress, writeXorAddress(from, transactionId)],
      [ATTRIBUTE.data, data],
    ],
  });
}
