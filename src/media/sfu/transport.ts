/**
 * What carries packets to one browser: ICE, DTLS, SRTP and SCTP behind one interface. `child/` makes
 * them of the native addon, tests of memory. The SFU brings its own credentials and certificate, so
 * that it can describe a transport before there is one.
 */

/** What one side of a transport shows of itself in a description. */
export type IceParameters = {
  /** RFC 8839, section 5.4. */
  readonly usernameFragment: string;
  readonly password: string;
};

/** The certificate of a side (RFC 8122, section 5). */
export type Fingerprint = { readonly algorithm: string; readonly value: string };

/** Who begins the DTLS handshake (RFC 8842). */
export type DtlsSetup = "active" | "passive" | "actpass";

/** The browser's side, as its description says. */
export type RemoteParameters = IceParameters & {
  readonly fingerprint: Fingerprint;
  readonly setup: DtlsSetup;
};

/** A host candidate of ours (RFC 8839, section 5.1); always component 1 over UDP. */
export type Candidate = {
  readonly address: string;
  readonly port: number;
  /** Larger is tried first. */
  readonly priority: number;
};

/** What a transport tells; every call may come only after `create` has returned. */
export interface TransportEvents {
  /** ICE and DTLS are done: packets go both ways. */
  opened(): void;
  /** One RTP or RTCP packet, decrypted; the bytes are the receiver's to keep and to change. */
  packet(bytes: Uint8Array): void;
  /** A message of the data channel. */
  message(bytes: Uint8Array): void;
  /** The data channel takes more again. */
  drained(): void;
  /** It is over, by the other side or the network; not after `close`. */
  closed(reason: string): void;
}

/** A path to one browser. */
export interface Transport {
  readonly isOpen: boolean;
  /** Sends one RTP or RTCP packet; its bytes are copied before this returns. `false`: not sent. */
  send(packet: Uint8Array): boolean;
  /** Sends one message over the data channel; `false`: there is none, or it is closed. */
  sendMessage(bytes: Uint8Array): boolean;
  /** Bytes of messages that are not sent yet. */
  readonly bufferedAmount: number;
  /** Ends it. Idempotent; no event comes any more. */
  close(): void;
}

/** Makes transports. */
export interface TransportFactory {
  /** Of our certificate, the same for all. */
  readonly fingerprint: Fingerprint;
  /** Where browsers reach us. */
  readonly candidates: readonly Candidate[];
  /** We are ICE-lite towards the browser and always `passive` in DTLS. Throws MediaError. */
  create(options: TransportOptions, events: TransportEvents): Transport;
}

/** What one transport is made with. */
export type TransportOptions = {
  readonly local: IceParameters;
  readonly remote: RemoteParameters;
  /** Whether the description has an m=application. */
  readonly hasData: boolean;
};

/** Sees the packets of a transport, seen from the server; what it sees it must not change or keep. */
export type PacketTap = (direction: "in" | "out", bytes: Uint8Array) => void;
