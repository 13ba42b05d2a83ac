/**
 * A TURN server without its sockets (RFC 8656): it takes what clients send, answers, and has
 * allocations relay. UDP to the peers, over IPv4, no reserved ports: all that browsers ask for. The
 * listener brings the clients; whatever they send, nothing is thrown.
 */
import { type Clock, type Random, systemRandom } from "../base/mod.ts";
import type { Allocation, Credentials, TurnClient } from "./allocation.ts";
import { Allocations } from "./allocations.ts";
import { Authentication } from "./authentication.ts";
import { Nonces } from "./nonces.ts";
import { PeerPolicy, type PeerPolicyOptions } from "./peer_policy.ts";
import type { OpenRelay } from "./relay_port.ts";
import { CHANNEL_HEADER_LENGTH } from "./stream_frames.ts";
import {
  ATTRIBUTE,
  errorCode,
  METHOD,
  readMessage,
  type StunMessage,
  uint32,
  writeMessage,
} from "./stun_message.ts";
import { readXorAddress, type TransportAddress, writeXorAddress } from "./transport_address.ts";

/** Named to clients; says nothing. */
export const REALM = "signalbox";
/** RFC 8656, section 3.2: what an allocation gets unless more is asked for. */
const DEFAULT_LIFETIME_S = 600;
/** The most it gets at once. */
const MAX_LIFETIME_S = 3_600;
/** IANA protocol number of UDP, the one transport to peers. */
const UDP = 17;
const IPV4 = 1;
/** RFC 8656, section 12: the channels. */
const [FIRST_CHANNEL, LAST_CHANNEL] = [0x4000, 0x4fff];
/** RFC 8489, section 14: below, an attribute that is not understood is refused. */
const FIRST_OPTIONAL = 0x8000;
const UNDERSTOOD: ReadonlySet<number> = new Set(Object.values(ATTRIBUTE));

/** What a server is made with. */
export type TurnServerOptions = PeerPolicyOptions & {
  readonly secret: string;
  readonly openRelay: OpenRelay;
  /** The address that relayed candidates carry. */
  readonly relayAddress: string;
  /** Where the media ports of this machine are bound. */
  readonly mediaAddress: string;
  readonly clock: Clock;
  /** Default: the system's. */
  readonly random?: Random;
};

type Attributes = (readonly [number, Uint8Array])[];

/** One server. */
export class TurnServer {
  readonly #relayAddress: string;
  readonly #policy: PeerPolicy;
  readonly #allocations: Allocations;
  readonly #nonces: Nonces;
  readonly #authentication: Authentication;

  /** Nothing is allocated at first. */
  constructor(options: TurnServerOptions) {
    const { clock, secret, random = systemRandom } = options;
    this.#relayAddress = options.relayAddress;
    this.#policy = new PeerPolicy(options);
    this.#allocations = new Allocations({ ...options, policy: this.#policy });
    this.#nonces = new Nonces(clock, random.id(22));
    this.#authentication = new Authentication({
      realm: REALM,
      secret,
      nonces: this.#nonces,
      clock,
    });
  }

  /** How many allocations there are. */
  get allocationCount(): number {
    return this.#allocations.size;
  }

  /** Bytes that were relayed since the start. */
  get relayedBytes(): number {
    return this.#allocations.relayedBytes;
  }

  /** Whether a client has an allocation. */
  serves(client: TurnClient): boolean {
    return this.#allocations.of(client) !== undefined;
  }

  /** Takes a datagram, or a message of a stream. */
  receive(client: TurnClient, bytes: Uint8Array): void {
    if (bytes.length >= CHANNEL_HEADER_LENGTH && bytes[0]! >= 0x40) {
      return this.#receiveChannelData(client, bytes);
    }
    const message = readMessage(bytes);
    if (message === undefined) return;
    if (message.kind === "request") return this.#answer(client, message);
    if (message.kind === "indication" && message.method === METHOD.send) {
      this.#send(client, message);
    }
  }

  /** The way to a client is gone. */
  gone(client: TurnClient): void {
    this.#allocations.end(client.key);
  }

  /** Ends every allocation. Idempotent. */
  close(): void {
    this.#allocations.close();
  }

  #receiveChannelData(client: TurnClient, bytes: Uint8Array): void {
    const channel = (bytes[0]! << 8) | bytes[1]!;
    const length = (bytes[2]! << 8) | bytes[3]!;
    if (CHANNEL_HEADER_LENGTH + length > bytes.length) return;
    const data = bytes.subarray(CHANNEL_HEADER_LENGTH, CHANNEL_HEADER_LENGTH + length);
    this.#allocations.of(client)?.sendOver(channel, data);
  }

  /** RFC 8656, section 10.2: an indication is never answered. */
  #send(client: TurnClient, { attributes }: StunMessage): void {
    const peer = readXorAddress(attributes.get(ATTRIBUTE.xorPeerAddress));
    const data = attributes.get(ATTRIBUTE.data);
    if (data === undefined || peer === undefined || peer === "other-family") return;
    this.#allocations.of(client)?.send(data, peer);
  }

  #answer(client: TurnClient, message: StunMessage): void {
    const reply = new Reply(client, message);
    const unknown = [...message.attributes.keys()]
      .filter((type) => type < FIRST_OPTIONAL && !UNDERSTOOD.has(type));
    if (message.method === METHOD.binding) {
      if (unknown.length > 0) return reply.refuseUnknown(unknown);
      return reply.succeed([reply.mappedAddress]);
    }
    if (!REQUESTS.has(message.method)) return reply.refuse(400, "Bad Request");
    const allocation = this.#allocations.of(client);
    const { address } = client.from;
    const verdict = this.#authentication.check(message, address, allocation?.credentials);
    if (verdict.kind === "refused") {
      return reply.refuse(verdict.code, verdict.reason, this.#challenge(verdict.code, address));
    }
    const { credentials } = verdict;
    reply.key = credentials.key;
    if (unknown.length > 0) return reply.refuseUnknown(unknown);
    if (message.method === METHOD.allocate) {
      return void this.#allocate(reply, { allocation, credentials });
    }
    if (allocation === undefined) return reply.refuse(437, "Allocation Mismatch");
    switch (message.method) {
      case METHOD.refresh:
        return this.#refresh(reply, allocation);
      case METHOD.createPermission:
        return this.#permit(reply, allocation);
      case METHOD.channelBind:
        return this.#bind(reply, allocation);
    }
  }

  /** RFC 8489, section 9.2.3: who is not known is told how to say who it is. */
  #challenge(code: number, address: string): Attributes {
    if (code !== 401 && code !== 438) return [];
    const text = (value: string) => new TextEncoder().encode(value);
    return [
      [ATTRIBUTE.realm, text(REALM)],
      [ATTRIBUTE.nonce, text(this.#nonces.make(address))],
    ];
  }

  /** Never rejects. */
  async #allocate(
    reply: Reply,
    { allocation, credentials }: { allocation: Allocation | undefined; credentials: Credentials },
  ): Promise<void> {
    const { client, message: { attributes, transactionId } } = reply;
    if (allocation !== undefined) {
      const isAgain = allocation.transactionId.every((byte, at) => byte === transactionId[at]);
      if (isAgain) return this.#allocated(reply, allocation);
      return reply.refuse(437, "Allocation Mismatch");
    }
    // The same request again; the first is answered in a moment.
    if (this.#allocations.isOpening(client)) return;
    const transport = attributes.get(ATTRIBUTE.requestedTransport);
    if (transport?.length !== 4) return reply.refuse(400, "Bad Request");
    if (transport[0] !== UDP) return reply.refuse(442, "Unsupported Transport Protocol");
    const family = attributes.get(ATTRIBUTE.requestedAddressFamily);
    if (family !== undefined && family[0] !== IPV4) {
      return reply.refuse(440, "Address Family not Supported");
    }
    if (this.#allocations.isFullFor(client, credentials.holder)) {
      return reply.refuse(486, "Allocation Quota Reached");
    }
    const made = await this.#allocations.open(client, {
      credentials,
      transactionId: transactionId.slice(),
    });
    if (made === undefined) return reply.refuse(508, "Insufficient Capacity");
    this.#allocated(reply, made);
  }

  #allocated(reply: Reply, allocation: Allocation): void {
    const lifetimeS = allocation.refresh(lifetimeIn(reply.message, DEFAULT_LIFETIME_S));
    const relayed = { address: this.#relayAddress, port: allocation.port };
    reply.succeed([
      [ATTRIBUTE.xorRelayedAddress, reply.xor(relayed)],
      [ATTRIBUTE.lifetime, uint32(lifetimeS)],
      reply.mappedAddress,
    ]);
  }

  #refresh(reply: Reply, allocation: Allocation): void {
    const asked = reply.message.attributes.get(ATTRIBUTE.lifetime);
    const isEnd = asked?.length === 4 && asked.every((byte) => byte === 0);
    if (isEnd) this.#allocations.end(allocation.client.key);
    const lifetimeS = isEnd ? 0 : allocation.refresh(lifetimeIn(reply.message, DEFAULT_LIFETIME_S));
    reply.succeed([[ATTRIBUTE.lifetime, uint32(lifetimeS)]]);
  }

  #permit(reply: Reply, allocation: Allocation): void {
    const peer = this.#peerOf(reply);
    if (peer === undefined) return;
    if (allocation.permit(peer.address)) return reply.succeed([]);
    reply.refuse(508, "Insufficient Capacity");
  }

  #bind(reply: Reply, allocation: Allocation): void {
    const number = reply.message.attributes.get(ATTRIBUTE.channelNumber);
    const channel = number?.length === 4 ? (number[0]! << 8) | number[1]! : 0;
    if (channel < FIRST_CHANNEL || channel > LAST_CHANNEL) return reply.refuse(400, "Bad Request");
    const peer = this.#peerOf(reply);
    if (peer === undefined) return;
    switch (allocation.bind(channel, peer)) {
      case "bound":
        return reply.succeed([]);
      case "conflict":
        return reply.refuse(400, "Bad Request");
      case "full":
        return reply.refuse(508, "Insufficient Capacity");
    }
  }

  /** The peer that a request names, if it may be one; else the request is refused. */
  #peerOf(reply: Reply): TransportAddress | undefined {
    const peer = readXorAddress(reply.message.attributes.get(ATTRIBUTE.xorPeerAddress));
    if (peer === undefined) reply.refuse(400, "Bad Request");
    else if (peer === "other-family") reply.refuse(443, "Peer Address Family Mismatch");
    else if (!this.#policy.allows(peer.address)) reply.refuse(403, "Forbidden");
    else return peer;
    return undefined;
  }
}

const REQUESTS: ReadonlySet<number> = new Set([
  METHOD.allocate,
  METHOD.refresh,
  METHOD.createPermission,
  METHOD.channelBind,
]);

/** The answer to one request. */
class Reply {
  /** Signs the answer, once it is known who asks. */
  key: Uint8Array | undefined;

  constructor(readonly client: TurnClient, readonly message: StunMessage) {}

  /** Where the request came from. */
  get mappedAddress(): readonly [number, Uint8Array] {
    return [ATTRIBUTE.xorMappedAddress, this.xor(this.client.from)];
  }

  /** An address as the answer carries it. */
  xor(address: TransportAddress): Uint8Array {
    return writeXorAddress(address, this.message.transactionId);
  }

  succeed(attributes: Attributes): void {
    this.#send("success", attributes);
  }

  refuse(code: number, reason: string, more: Attributes = []): void {
    this.#send("error", [[ATTRIBUTE.errorCode, errorCode(code, reason)], ...more]);
  }

  refuseUnknown(types: readonly number[]): void {
    const named = Uint8Array.from(types.flatMap((type) => [type >> 8, type & 0xff]));
    this.refuse(420, "Unknown Attribute", [[ATTRIBUTE.unknownAttributes, named]]);
  }

  #send(kind: "success" | "error", attributes: Attributes): void {
    const { method, transactionId } = this.message;
    const { key } = this;
    this.client.send(writeMessage({ kind, method, transactionId, attributes, key }), "answer");
  }
}

function lifetimeIn({ attributes }: StunMessage, otherwise: number): number {
  const value = attributes.get(ATTRIBUTE.lifetime);
  if (value?.length !== 4) return otherwise;
  const seconds = new DataView(value.buffer, value.byteOffset, 4).getUint32(0);
  return Math.min(MAX_LIFETIME_S, Math.max(otherwise, seconds));
}
