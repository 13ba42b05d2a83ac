/**
 * Transports made of the native addon: the only file that names it. The addon carries ICE, DTLS, SRTP
 * and SCTP, and nothing else of it is used. It ends the process when a callback throws, when it is
 * asked in a state that does not fit and when it cannot bind, so every callback is guarded, every
 * connection is answered exactly once, and one listener holds the port as long as there is a factory.
 */
import {
  type DataChannel,
  IceUdpMuxListener,
  PeerConnection,
  type Track,
  Video,
} from "node-datachannel";
import type { Buffer } from "node:buffer";
import { type Cancel, type Clock, type Logger, systemClock } from "../../base/mod.ts";
import { MediaError } from "../port.ts";
import type {
  Candidate,
  Fingerprint,
  IceParameters,
  Transport,
  TransportEvents,
  TransportFactory,
  TransportOptions,
} from "../sfu/transport.ts";
import type { Certificate } from "./certificate.ts";
import {
  checkIce,
  MAX_MESSAGE_BYTES,
  type ServerParameters,
  STUB_MID,
  STUB_PAYLOAD_TYPE,
  stubOffer,
  stubServerOffer,
} from "./stub_offer.ts";
import { probeUdpPort } from "./udp_port.ts";

/** Below this a data channel takes more again: a tenth of a second at 20 Mbit/s. */
const DRAINED_BYTES = 262_144;
/** Who has not connected by then will not; without a word of its client nothing else would end it. */
const CONNECT_MS = 30_000;
/** The states of a connection that are its end; the addon knows no way back from "disconnected". */
const ENDS = new Set(["disconnected", "failed", "closed"]);
/** What all connections of the addon have in common. */
const COMMON = {
  iceServers: [],
  disableAutoNegotiation: true,
  maxMessageSize: MAX_MESSAGE_BYTES,
};

/** What transports are made with. */
export type NativeOptions = {
  readonly certificate: Certificate;
  /** UDP; all transports share it. */
  readonly port: number;
  /** The address to bind; left out: every one. */
  readonly bindAddress?: string | undefined;
  /** Where browsers reach us. */
  readonly candidates: readonly Candidate[];
  /** Hears of the credentials of transports while they are open. Default nobody does. */
  readonly credentials?: Credentials | undefined;
  readonly log: Logger;
  /** For what has to come about in time. Default the machine's. */
  readonly clock?: Clock | undefined;
};

/** Who has to know the credentials of the transports that are open. */
export interface Credentials {
  /** A transport begins. */
  add(local: IceParameters): void;
  /** It has ended. */
  delete(local: IceParameters): void;
}

/** Makes transports that share one port and one certificate. One a process: see the addon. */
export class NativeTransports implements TransportFactory {
  /** See TransportFactory. */
  readonly fingerprint: Fingerprint;
  /** See TransportFactory. */
  readonly candidates: readonly Candidate[];
  readonly #options: NativeOptions;
  readonly #listener: IceUdpMuxListener;
  // The addon closes what the garbage collector takes: what is open is held here.
  readonly #open = new Set<NativeTransport>();
  #count = 0;

  private constructor(options: NativeOptions, listener: IceUdpMuxListener) {
    this.#options = options;
    this.#listener = listener;
    this.fingerprint = options.certificate.fingerprint;
    this.candidates = options.candidates;
  }

  /** Takes the port. Rejects with MediaError `unavailable` when it cannot be had. */
  static async open(options: NativeOptions): Promise<NativeTransports> {
    const { port, bindAddress } = options;
    await probeUdpPort(port, bindAddress);
    try {
      return new NativeTransports(options, new IceUdpMuxListener(port, bindAddress));
    } catch (error) {
      throw new MediaError("unavailable", `Cannot use UDP port ${port}`, { cause: error });
    }
  }

  /** How many transports are not closed. */
  get size(): number {
    return this.#open.size;
  }

  /** See TransportFactory. */
  create(options: TransportOptions, events: TransportEvents): Transport {
    const { local, remote, hasData } = options;
    checkIce(local);
    const offer = stubOffer(remote, hasData);
    const { log, clock, credentials } = this.#options;
    credentials?.add(local);
    const onClosed = () => credentials?.delete(local);
    const how = { local, offer, events, log, clock, onClosed };
    return startTransport(this.#connect(), this.#open, how);
  }

  /** Ends every transport and gives the port back. */
  close(): void {
    for (const transport of [...this.#open]) transport.close();
    this.#listener.stop();
  }

  #connect(): PeerConnection {
    const { certificate, port, bindAddress } = this.#options;
    return new PeerConnection(`${++this.#count}`, {
      ...COMMON,
      enableIceUdpMux: true,
      portRangeBegin: port,
      portRangeEnd: port,
      certificatePemFile: certificate.certificate,
      keyPemFile: certificate.key,
      ...(bindAddress === undefined ? {} : { bindAddress }),
    });
  }
}

/** What clients are made with. */
export type NativeClientOptions = {
  readonly certificate: Certificate;
  /** The address to bind; left out: every one. */
  readonly bindAddress?: string | undefined;
  readonly log: Logger;
};

/** A connection to a server: what each side shows of itself. */
export type ClientTransportOptions = {
  readonly local: IceParameters;
  readonly remote: ServerParameters;
};

/**
 * Makes transports from the other end: to a server that is ICE-lite and passive, each with a port of
 * its own, as browsers have. For the harness, which brings its own participants.
 */
export class NativeClients {
  /** Of the certificate of all. */
  readonly fingerprint: Fingerprint;
  readonly #options: NativeClientOptions;
  readonly #open = new Set<NativeTransport>(); // See NativeTransports.
  #count = 0;

  /** None at first. */
  constructor(options: NativeClientOptions) {
    this.#options = options;
    this.fingerprint = options.certificate.fingerprint;
  }

  /** Begins to connect. Throws MediaError `bad-description`. */
  connect({ local, remote }: ClientTransportOptions, events: TransportEvents): Transport {
    checkIce(local);
    const offer = stubServerOffer(remote);
    const { certificate, bindAddress, log } = this.#options;
    const connection = new PeerConnection(`client ${++this.#count}`, {
      ...COMMON,
      certificatePemFile: certificate.certificate,
      keyPemFile: certificate.key,
      ...(bindAddress === undefined ? {} : { bindAddress }),
    });
    return startTransport(connection, this.#open, { local, offer, events, log });
  }

  /** Ends every transport. */
  close(): void {
    for (const transport of [...this.#open]) transport.close();
  }
}

/** Makes a connection of the addon, for `native_peers.ts`: names of servers are for it to check. */
export function newConnection(name: string, config: ConnectionConfig): PeerConnection {
  const { certificate: { certificate: certificatePemFile, key: keyPemFile }, ...rest } = config;
  return new PeerConnection(name, { ...COMMON, ...rest, certificatePemFile, keyPemFile });
}

/** What a connection is made with beside what all have. */
export type ConnectionConfig = {
  readonly certificate: Certificate;
  readonly iceServers: string[];
  readonly bindAddress?: string;
};

/** Holds `connection` among `open` until it is closed, and has it answer `offer`. */
function startTransport(
  connection: PeerConnection,
  open: Set<NativeTransport>,
  { local, offer, events, log, clock = systemClock, onClosed }: {
    readonly local: IceParameters;
    readonly offer: string;
    readonly events: TransportEvents;
    readonly log: Logger;
    readonly clock?: Clock | undefined;
    readonly onClosed?: () => void;
  },
): NativeTransport {
  const transport: NativeTransport = new NativeTransport(connection, {
    events,
    log,
    clock,
    onClosed: () => {
      open.delete(transport);
      onClosed?.();
    },
  });
  open.add(transport);
  try {
    transport.answer(offer, local);
  } catch (error) {
    transport.close();
    throw new MediaError("bad-description", "Cannot connect to what is described", {
      cause: error,
    });
  }
  return transport;
}

/** One connection of the addon. */
export class NativeTransport implements Transport {
  readonly #connection: PeerConnection;
  readonly #track: Track;
  readonly #events: TransportEvents;
  readonly #log: Logger;
  readonly #onClosed: () => void;
  readonly #cancelGivingUp: Cancel;
  #channel: DataChannel | undefined;
  #state: "new" | "open" | "closed" = "new";

  /** Neither side has said anything; who makes it holds it until it is closed. */
  constructor(
    connection: PeerConnection,
    options: { events: TransportEvents; log: Logger; clock: Clock; onClosed: () => void },
  ) {
    this.#connection = connection;
    this.#events = options.events;
    this.#log = options.log;
    this.#onClosed = options.onClosed;
    this.#cancelGivingUp = options.clock.after(
      CONNECT_MS,
      () => this.#end("not connected in time"),
    );
    const video = new Video(STUB_MID, "SendRecv");
    video.addVP8Codec(STUB_PAYLOAD_TYPE);
    this.#track = connection.addTrack(video);
    this.#listen();
  }

  /** Begins to connect; once. */
  answer(offer: string, { usernameFragment, password }: IceParameters): void {
    this.#connection.setRemoteDescription(offer, "offer");
    this.#connection.setLocalDescription("answer", {
      iceUfrag: usernameFragment,
      icePwd: password,
    });
  }

  /** Offers instead, and begins to look for ways; `candidate` hears of each, and of their end. */
  offer({ usernameFragment, password }: IceParameters): void {
    this.#connection.setLocalDescription("offer", {
      iceUfrag: usernameFragment,
      icePwd: password,
    });
  }

  /** Takes the answer to {@linkcode offer}; throws what the addon does. */
  takeAnswer(answer: string): void {
    this.#connection.setRemoteDescription(answer, "answer");
  }

  /** Takes a way to the other side, one that `peerCandidate` let pass. */
  tell(candidate: string): void {
    if (this.#state === "closed") return;
    // One that the addon cannot use is one way less.
    this.#attempt("candidate", () => this.#connection.addRemoteCandidate(candidate, STUB_MID));
  }

  /** Hears of each of our ways as it is found, and of their end; to be called before it begins. */
  onCandidate(found: (candidate: string | undefined) => void): void {
    this.#connection.onLocalCandidate((candidate) => {
      if (this.#state === "closed") return;
      this.#attempt("candidate", () => found(candidate.replace(/^a=/, "").trimEnd()));
    });
    this.#connection.onGatheringStateChange((state) => {
      if (this.#state === "closed" || state !== "complete") return;
      this.#attempt("candidate", () => found(undefined));
    });
  }

  /** Of the ways that were chosen the kinds, ours and theirs, e.g. `relay`; undefined: not yet. */
  get candidateTypes(): readonly [string, string] | undefined {
    if (this.#state !== "open") return undefined;
    try {
      const pair = this.#connection.getSelectedCandidatePair();
      return pair === null ? undefined : [pair.local.type, pair.remote.type];
    } catch {
      return undefined; // It has just ended.
    }
  }

  /** See Transport. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** See Transport. */
  get bufferedAmount(): number {
    return this.#channel?.bufferedAmount() ?? 0;
  }

  /** See Transport. */
  send(packet: Uint8Array): boolean {
    if (this.#state !== "open") return false;
    try {
      // The addon takes any view of bytes; its types know Node's alone.
      return this.#track.sendMessageBinary(packet as Buffer);
    } catch {
      return false; // It has just ended, and its event is on the way.
    }
  }

  /** See Transport. */
  sendMessage(bytes: Uint8Array): boolean {
    if (this.#channel === undefined || !this.#channel.isOpen()) return false;
    try {
      this.#channel.sendMessageBinary(bytes); // `false` of the addon means: not yet, but it will.
      return true;
    } catch {
      return false; // Too long for the other side, or it has just ended.
    }
  }

  /** See Transport. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#cancelGivingUp();
    this.#onClosed();
    this.#attempt("close", () => this.#channel?.close());
    this.#channel = undefined;
    this.#attempt("close", () => this.#track.close());
    this.#attempt("close", () => this.#connection.close());
  }

  #listen(): void {
    const events = this.#events;
    this.#track.onOpen(() => {
      if (this.#state !== "new") return;
      this.#state = "open";
      this.#cancelGivingUp();
      this.#attempt("opened", () => events.opened());
    });
    // The one callback of a packet: no closure, and nothing else in its way.
    this.#track.onMessage((bytes) => {
      if (this.#state !== "open") return;
      try {
        events.packet(bytes);
      } catch (error) {
        this.#fault("packet", error);
      }
    });
    this.#connection.onStateChange((state) => {
      if (ENDS.has(state)) this.#end(state);
    });
    this.#connection.onDataChannel((channel) =>
      this.#attempt("channel", () => this.#take(channel))
    );
  }

  /** It is over, by no decision of its owner. */
  #end(reason: string): void {
    if (this.#state === "closed") return;
    this.close();
    this.#attempt("closed", () => this.#events.closed(reason));
  }

  /** Of the channels that a browser opens the first counts. */
  #take(channel: DataChannel): void {
    if (this.#state === "closed" || this.#channel !== undefined) return channel.close();
    this.#channel = channel;
    channel.setBufferedAmountLowThreshold(DRAINED_BYTES);
    channel.onMessage((message) => {
      if (this.#state === "closed") return;
      this.#attempt("message", () => this.#events.message(bytesOf(message)));
    });
    channel.onBufferedAmountLow(() => {
      if (this.#state === "closed") return;
      this.#attempt("drained", () => this.#events.drained());
    });
    channel.onClosed(() => {
      if (this.#channel === channel) this.#channel = undefined;
    });
    // What was to be said before there was a channel has waited for it.
    this.#attempt("drained", () => this.#events.drained());
  }

  /** Runs `action`, out of which nothing may be thrown. */
  #attempt(name: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fault(name, error);
    }
  }

  #fault(name: string, error: unknown): void {
    this.#log.error("transport callback failed", { name, error });
  }
}

function bytesOf(message: string | Uint8Array | ArrayBuffer): Uint8Array {
  if (typeof message === "string") return new TextEncoder().encode(message);
  return message instanceof Uint8Array ? message : new Uint8Array(message);
}
