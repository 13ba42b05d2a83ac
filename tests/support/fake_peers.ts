/**
 * Connections from participant to participant in memory, for the tests of links: two are connected as
 * soon as each was told of the other, and packets arrive in the order in which they were sent.
 */
import type { PeerEngine, PeerEvents, PeerOptions, PeerTransport } from "../../cli/media/engine.ts";
import { MediaError } from "../../src/media/port.ts";
import type { RemoteParameters } from "../../src/media/sfu/transport.ts";

/** The certificate of all. */
const FINGERPRINT = { algorithm: "sha-256", value: Array(32).fill("AB").join(":") };

/** All of one test. */
export class FakePeers implements PeerEngine {
  readonly fingerprint = FINGERPRINT;
  /** Everyone there ever was, in order. */
  readonly all: FakePeer[] = [];
  /** Whether a packet is lost. Default: none. */
  isLost: (packet: Uint8Array) => boolean = () => false;
  /** Whether nobody finds a way to anybody. Default: everybody does. */
  isCut = false;

  /** See PeerEngine. */
  connectPeer(options: PeerOptions, events: PeerEvents): PeerTransport {
    const peer = new FakePeer(this, options, events);
    this.all.push(peer);
    queueMicrotask(() => peer.gather());
    return peer;
  }

  /** There is no server. */
  connect(): never {
    throw new MediaError("unavailable", "There is no server");
  }

  /** See PeerEngine. */
  close(): void {
    for (const peer of this.all) peer.close();
  }
}

/** One end. */
export class FakePeer implements PeerTransport {
  readonly options: PeerOptions;
  readonly events: PeerEvents;
  /** What it was told of ways. */
  readonly candidates: string[] = [];
  isOpen = false;
  isClosed = false;
  readonly bufferedAmount = 0;
  readonly #peers: FakePeers;
  #remote: RemoteParameters | undefined;
  #other: FakePeer | undefined;

  constructor(peers: FakePeers, options: PeerOptions, events: PeerEvents) {
    this.#peers = peers;
    this.options = options;
    this.events = events;
    this.#remote = options.offer;
  }

  get candidateTypes(): readonly [string, string] | undefined {
    return this.isOpen ? ["host", "host"] : undefined;
  }

  gather(): void {
    if (this.isClosed) return;
    this.events.candidate("candidate:1 1 udp 1 192.0.2.7 5000 typ host");
    this.events.candidate(undefined);
    this.#link();
  }

  accept(remote: RemoteParameters): void {
    if (remote.setup === "actpass") throw new MediaError("bad-description", "no answer");
    this.#remote = remote;
    this.#link();
  }

  addCandidate(candidate: string): void {
    this.candidates.push(candidate);
  }

  send(packet: Uint8Array): boolean {
    if (!this.isOpen) return false;
    if (!this.#peers.isLost(packet)) this.#other!.events.packet(packet.slice());
    return true;
  }

  sendMessage(): boolean {
    return false;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.isOpen = false;
    this.#other?.lose("closed");
  }

  /** The network ends it. */
  lose(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.isOpen = false;
    this.#other?.lose(reason);
    this.events.closed(reason);
  }

  #link(): void {
    if (this.#peers.isCut) return;
    const other = this.#peers.all.find((one) =>
      one.options.local.usernameFragment === this.#remote?.usernameFragment &&
      one.#remote?.usernameFragment === this.options.local.usernameFragment
    );
    if (other === undefined || other.isClosed || this.isClosed || this.isOpen) return;
    for (const [one, its] of [[this, other], [other, this]] as const) {
      one.#other = its;
      one.isOpen = true;
    }
    for (const one of [this, other]) one.events.opened();
  }
}
