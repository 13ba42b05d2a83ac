/**
 * Transports from participant to participant, without a server between them: each side finds its ways
 * and tells the other, through STUN and TURN where it was given them. For headless participants; in
 * a process of their own, as all that has the addon.
 */
import { type Logger, systemClock } from "../../base/mod.ts";
import { MediaError } from "../port.ts";
import type {
  Fingerprint,
  IceParameters,
  RemoteParameters,
  Transport,
  TransportEvents,
} from "../sfu/transport.ts";
import type { Certificate } from "./certificate.ts";
import { addonServers, type IceServer } from "./ice_servers.ts";
import { NativeTransport, newConnection } from "./native.ts";
import { checkIce, peerCandidate, stubPeer } from "./stub_offer.ts";

/** What peers are made with. */
export type NativePeersOptions = {
  readonly certificate: Certificate;
  /** The address to bind; left out: every one. */
  readonly bindAddress?: string | undefined;
  readonly log: Logger;
};

/** What a transport tells. */
export interface PeerEvents extends TransportEvents {
  /** A way to us, as a candidate line without `a=`; undefined: there will be no more. */
  candidate(candidate: string | undefined): void;
}

/** A connection to one participant. */
export type PeerOptions = {
  readonly local: IceParameters;
  /** What it offers; left out: we offer, and `accept` takes its answer. */
  readonly offer?: RemoteParameters | undefined;
  readonly iceServers: readonly IceServer[];
};

/** A transport that learns of its other side bit by bit. */
export interface PeerTransport extends Transport {
  /** The answer to our offer; once. Throws MediaError `bad-description`. */
  accept(remote: RemoteParameters): void;
  /** A way to the other side; one that cannot be used is passed over. */
  addCandidate(candidate: string): void;
  /** The kinds of the ways in use, ours and theirs; undefined: none yet. */
  readonly candidateTypes: readonly [string, string] | undefined;
}

/** Makes them. */
export class NativePeers {
  /** Of the certificate of all. */
  readonly fingerprint: Fingerprint;
  readonly #options: NativePeersOptions;
  readonly #open = new Set<NativePeer>(); // See NativeTransports.
  #count = 0;

  /** None at first. */
  constructor(options: NativePeersOptions) {
    this.#options = options;
    this.fingerprint = options.certificate.fingerprint;
  }

  /** Begins to connect. Throws MediaError `bad-description`. */
  connect(
    { local, offer, iceServers }: PeerOptions,
    events: PeerEvents,
  ): PeerTransport {
    checkIce(local);
    const stub = offer && stubPeer(offer);
    const { certificate, bindAddress, log } = this.#options;
    const connection = newConnection(`participant ${++this.#count}`, {
      certificate,
      iceServers: addonServers(iceServers),
      ...(bindAddress === undefined ? {} : { bindAddress }),
    });
    const peer: NativePeer = new NativePeer(connection, {
      ...{ events, log, clock: systemClock },
      onClosed: () => this.#open.delete(peer),
    });
    this.#open.add(peer);
    peer.onCandidate((candidate) => events.candidate(candidate));
    refused(peer, () => stub === undefined ? peer.offer(local) : peer.answer(stub, local));
    return peer;
  }

  /** Ends every one. */
  close(): void {
    for (const peer of [...this.#open]) peer.close();
  }
}

/** A transport of the addon whose other side is no server. */
class NativePeer extends NativeTransport implements PeerTransport {
  #isAccepted = false;

  accept(remote: RemoteParameters): void {
    const stub = stubPeer(remote);
    if (this.#isAccepted) return;
    this.#isAccepted = true;
    refused(this, () => this.takeAnswer(stub));
  }

  addCandidate(candidate: string): void {
    const usable = peerCandidate(candidate);
    if (usable !== undefined) this.tell(usable);
  }
}

/** What the addon refuses ends the transport, and is told as the fault of a description. */
function refused(transport: Transport, act: () => void): void {
  try {
    act();
  } catch (error) {
    transport.close();
    throw new MediaError("bad-description", "Cannot connect to what is described", {
      cause: error,
    });
  }
}
