/**
 * What one m-line of a description says, with the attributes below it: types alone. `description.ts`
 * makes them, the answers and the offer are made of them.
 */
import type { DtlsSetup, Fingerprint, IceParameters } from "../sfu/transport.ts";

/** What an m-line is for; another kind is refused. */
export type MediaKind = "audio" | "video" | "application";

/** Who sends (RFC 8866, section 6.7), as its sender sees it. */
export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** A codec of an m-line, with its repair stream. */
export type CodecOffer = {
  readonly payloadType: number;
  /** As it stands there; names differ in no letter's case. */
  readonly name: string;
  readonly clockRate: number;
  /** 0: not said. */
  readonly channels: number;
  /** Empty: not said. */
  readonly fmtp: string;
  /** Of a=rtcp-fb, e.g. `nack pli`. */
  readonly feedback: readonly string[];
  /** RFC 4588. */
  readonly rtxPayloadType: number | undefined;
};

/** A header extension (RFC 8285). */
export type ExtensionOffer = { readonly id: number; readonly uri: string };

/** A stream that is announced with its source (RFC 5576). */
export type SourceOffer = {
  readonly ssrc: number;
  /** Empty: not said. */
  readonly cname: string;
};

/** Sources that belong together, e.g. `FID`: a stream and its repair stream (RFC 5576). */
export type SourceGroup = { readonly semantics: string; readonly ssrcs: readonly number[] };

/** A layer of simulcast (RFC 8851). */
export type RidOffer = {
  readonly rid: string;
  readonly direction: "send" | "recv";
  /** It may be sent in these alone; empty: in any of the m-line. */
  readonly payloadTypes: readonly number[];
};

/** The layers in the order of the offerer, the first alternative of each (RFC 8853). */
export type Simulcast = { readonly send: readonly string[]; readonly recv: readonly string[] };

/** The stream and the track of a browser that an m-line belongs to (RFC 8830). */
export type MediaStreamId = { readonly streamId: string; readonly trackId: string };

/** What an m-line says of its transport; what the session says holds where it says nothing. */
export type TransportAttributes = {
  readonly ice: IceParameters | undefined;
  readonly fingerprint: Fingerprint | undefined;
  readonly setup: DtlsSetup | undefined;
};

/** One m-line. */
export type MediaSection = TransportAttributes & {
  readonly kind: MediaKind;
  /** Its tag; empty only where it is rejected. */
  readonly mid: string;
  readonly port: number;
  /** E.g. `UDP/TLS/RTP/SAVPF`. */
  readonly protocol: string;
  /** Payload types, or what an m=application is for. */
  readonly formats: readonly string[];
  /** Port 0, and not only because it has no transport of its own (a=bundle-only). */
  readonly isRejected: boolean;
  readonly direction: Direction;
  /** RFC 5761: RTP and RTCP share the transport. */
  readonly hasRtcpMux: boolean;
  /** In the order of preference; repair streams stand with what they repair. */
  readonly codecs: readonly CodecOffer[];
  readonly extensions: readonly ExtensionOffer[];
  readonly ssrcs: readonly SourceOffer[];
  readonly ssrcGroups: readonly SourceGroup[];
  readonly rids: readonly RidOffer[];
  readonly simulcast: Simulcast | undefined;
  readonly msid: MediaStreamId | undefined;
  /** RFC 8841; 0: not said. */
  readonly sctpPort: number;
};
