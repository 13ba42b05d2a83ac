/**
 * The allocations of one server: by the way to their client and by their port, with the bounds of how
 * many there may be. The server asks for each.
 */
import type { Cancel, Clock } from "../base/mod.ts";
import { Allocation, type Credentials, type TurnClient } from "./allocation.ts";
import type { PeerPolicy } from "./peer_policy.ts";
import type { OpenRelay } from "./relay_port.ts";
import type { TransportAddress } from "./transport_address.ts";

/** Allocations of one holder: a browser makes one a server URL and interface, for each connection. */
export const MAX_PER_HOLDER = 32;
/** Of one address, behind which an office may sit. */
export const MAX_PER_ADDRESS = 256;
/** How often those that are over are ended. */
const SWEEP_MS = 5_000;

/** What the set is made with. */
export type AllocationsOptions = {
  readonly clock: Clock;
  readonly openRelay: OpenRelay;
  readonly policy: PeerPolicy;
  /** The address that relayed candidates carry. */
  readonly relayAddress: string;
  /** Where the media ports of this machine are bound. */
  readonly mediaAddress: string;
};

/** All of them. */
export class Allocations {
  readonly #options: AllocationsOptions;
  readonly #byClient = new Map<string, Allocation>();
  readonly #byPort = new Map<number, Allocation>();
  readonly #opening = new Map<string, TurnClient & { readonly holder: string }>();
  readonly #cancelSweep: Cancel;
  #pastBytes = 0;
  #isClosed = false;

  /** None at first. */
  constructor(options: AllocationsOptions) {
    this.#options = options;
    this.#cancelSweep = options.clock.every(SWEEP_MS, () => this.#sweep());
  }

  /** How many there are. */
  get size(): number {
    return this.#byClient.size;
  }

  /** Bytes that were relayed since the start, both ways. */
  get relayedBytes(): number {
    let bytes = this.#pastBytes;
    for (const allocation of this.#byClient.values()) bytes += allocation.relayedBytes;
    return bytes;
  }

  /** That of a client. */
  of(client: TurnClient): Allocation | undefined {
    const allocation = this.#byClient.get(client.key);
    return allocation?.isOver === true ? undefined : allocation;
  }

  /** Whether one is being opened for that client. */
  isOpening(client: TurnClient): boolean {
    return this.#opening.has(client.key);
  }

  /** Whether the holder or the address of the client has as many as it may. */
  isFullFor(client: TurnClient, holder: string): boolean {
    let [ofHolder, ofAddress] = [0, 0];
    const count = (one: TurnClient, other: string) => {
      if (other === holder) ofHolder++;
      if (one.from.address === client.from.address) ofAddress++;
    };
    for (const { client, credentials } of this.#byClient.values()) {
      count(client, credentials.holder);
    }
    for (const opening of this.#opening.values()) count(opening, opening.holder);
    return ofHolder >= MAX_PER_HOLDER || ofAddress >= MAX_PER_ADDRESS;
  }

  /** Opens one for `client`, which has none; undefined: there is no port, or the client is gone. */
  async open(
    client: TurnClient,
    options: { credentials: Credentials; transactionId: Uint8Array },
  ): Promise<Allocation | undefined> {
    const { openRelay, clock, mediaAddress } = this.#options;
    this.end(client.key); // One that is over and was not swept yet.
    this.#opening.set(client.key, { ...client, send() {}, holder: options.credentials.holder });
    const relay = await openRelay((data, from) => this.of(client)?.receive(data, from));
    const isGone = !this.#opening.delete(client.key) || this.#isClosed;
    if (relay === undefined || isGone) {
      relay?.close();
      return undefined;
    }
    const allocation = new Allocation({
      ...options,
      client,
      clock,
      mediaAddress,
      placeOf: (peer) => this.#placeOf(peer),
      deliver: (data, to, from) => this.#deliver(data, to, from),
    }, relay);
    this.#byClient.set(client.key, allocation);
    this.#byPort.set(relay.port, allocation);
    return allocation;
  }

  /** Ends that of a client, if it has one. */
  end(clientKey: string): void {
    this.#opening.delete(clientKey);
    const allocation = this.#byClient.get(clientKey);
    if (allocation === undefined) return;
    this.#byClient.delete(clientKey);
    this.#byPort.delete(allocation.port);
    this.#pastBytes += allocation.relayedBytes;
    allocation.close();
  }

  /** Ends all. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#cancelSweep();
    for (const key of [...this.#byClient.keys()]) this.end(key);
  }

  #placeOf(peer: TransportAddress): ReturnType<PeerPolicy["placeOf"]> {
    return this.#options.policy.placeOf(peer, (port) => this.#byPort.has(port));
  }

  #deliver(data: Uint8Array, toPort: number, fromPort: number): void {
    const from = { address: this.#options.relayAddress, port: fromPort };
    this.#byPort.get(toPort)?.receiveInside(data, from);
  }

  #sweep(): void {
    for (const [key, allocation] of this.#byClient) {
      if (allocation.isOver) this.end(key);
    }
  }
}
