/** What an m-line of a publisher came to, once offer and answer agree: the SFU reads its packets by it. */
import type { CodecName } from "../rtp/codecs.ts";
import type { ExtensionName } from "../rtp/extensions.ts";

/** The ids by which packets name header extensions (RFC 8285); 0: not negotiated. */
export type ExtensionIds = { readonly [name in ExtensionName]: number };

/** One m-line. */
export type NegotiatedMedia = {
  readonly mid: string;
  readonly kind: "audio" | "video";
  readonly codec: {
    readonly name: CodecName;
    readonly payloadType: number;
    /** RFC 4588; 0: nothing is sent again. */
    readonly rtxPayloadType: number;
  };
  readonly extensionIds: ExtensionIds;
  /** The streams of a simulcast (RFC 8853), in the order offered; empty: there is but one stream. */
  readonly rids: readonly string[];
  /** Streams that the description names (RFC 5576), and what repairs each; 0: nothing does. */
  readonly ssrcs: readonly number[];
  readonly rtxSsrcs: readonly number[];
};
