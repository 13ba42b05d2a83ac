/**
 * What both sides have agreed on for one m-line, for those who forward its packets. The answers
 * return it beside their text.
 */
import type { CodecName } from "../rtp/codecs.ts";
import type { ExtensionName } from "../rtp/extensions.ts";

/** The ids of header extensions in a client's packets; 0: not agreed on. */
export type ExtensionIds = Readonly<Record<ExtensionName, number>>;

/** The one codec that a publisher sends in an m-line. */
export type NegotiatedCodec = {
  readonly name: CodecName;
  readonly payloadType: number;
  /** RFC 4588. */
  readonly rtxPayloadType?: number;
};

/** What a publisher sends in one m-line. */
export type NegotiatedMedia = {
  readonly mid: string;
  readonly kind: "audio" | "video";
  readonly codec: NegotiatedCodec;
  readonly extensionIds: ExtensionIds;
  /** Layers of simulcast in the order of the offer; empty: it sends no layers that have names. */
  readonly rids: readonly string[];
  /** Sources that the offer announces; empty where packets say by mid and rid what they are of. */
  readonly ssrcs: readonly number[];
  /** The repair stream of the source at the same place; 0: none is announced. */
  readonly rtxSsrcs: readonly number[];
};

/** What a viewer takes in one m-line, by its own numbers. */
export type ViewedMedia = {
  readonly mid: string;
  readonly kind: "audio" | "video";
  /** Codecs that it takes. */
  readonly payloadTypes: Readonly<Partial<Record<CodecName, number>>>;
  /** Codecs that may be sent again in a stream of their own. */
  readonly rtxPayloadTypes: Readonly<Partial<Record<CodecName, number>>>;
  readonly extensionIds: ExtensionIds;
};
