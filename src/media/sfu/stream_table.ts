/**
 * Which stream an SSRC of a publisher connection is: a layer of a publication, or what repairs one. Its
 * description names some, the others are told by the first packet of theirs. The publisher asks it for
 * each packet.
 */
import { readText } from "../rtp/extensions.ts";
import type { RtpPacket } from "../rtp/packet.ts";
import type { NegotiatedMedia } from "../sdp/negotiated_media.ts";
import type { Layer } from "./layer.ts";
import type { Publication } from "./publication.ts";

/** Streams of one connection: eight tracks with three layers, and what repairs each. */
const MAX_STREAMS = 64;

/** What an SSRC of the connection is. */
export type Stream = {
  readonly publication: Publication;
  readonly layer: Layer;
  readonly media: NegotiatedMedia;
  /** Whether it repeats packets of its layer instead of carrying its own. */
  readonly isRepair: boolean;
};

/** The streams of one connection. */
export class StreamTable {
  readonly #streams = new Map<number, Stream>();
  #publications: readonly Publication[] = [];
  #media: readonly NegotiatedMedia[] = [];

  /** The stream of an SSRC that is known. */
  find(ssrc: number): Stream | undefined {
    return this.#streams.get(ssrc);
  }

  /** The stream of a packet; undefined: it is of none that was agreed on. */
  of(packet: RtpPacket): Stream | undefined {
    return this.#streams.get(packet.ssrc) ?? this.#learn(packet);
  }

  /** Takes what is published now, and what was agreed on about it. */
  follow(publications: readonly Publication[], media: readonly NegotiatedMedia[]): void {
    this.#publications = publications;
    this.#media = media;
    this.#forget();
    this.#declare();
  }

  /** The stream has ended; a packet of its SSRC would begin another. */
  delete(ssrc: number): void {
    this.#streams.delete(ssrc);
  }

  /** Nothing comes any more. */
  clear(): void {
    this.#streams.clear();
  }

  /** Streams of publications that are gone, and those whose m-line was agreed on anew. */
  #forget(): void {
    for (const [ssrc, { publication }] of this.#streams) {
      if (!this.#publications.includes(publication)) this.#streams.delete(ssrc);
    }
    for (const [ssrc, stream] of this.#streams) {
      const media = this.#media.find(({ mid }) => mid === stream.publication.mid);
      if (media !== undefined) this.#streams.set(ssrc, { ...stream, media });
    }
  }

  /** The streams that the description names (RFC 5576); others are told by their packets. */
  #declare(): void {
    for (const publication of this.#publications) {
      const media = this.#media.find(({ mid }) => mid === publication.mid);
      if (media === undefined || media.rids.length > 0) continue;
      media.ssrcs.forEach((ssrc, index) => {
        if (this.#streams.has(ssrc)) return;
        const layer = publication.layerOf(ssrc, "");
        this.#streams.set(ssrc, { publication, layer, media, isRepair: false });
        const repair = media.rtxSsrcs[index] ?? 0;
        if (repair !== 0) this.#streams.set(repair, { publication, layer, media, isRepair: true });
      });
    }
  }

  /** Tells a new stream by the m-line and the layer that its packets name (RFC 8852, RFC 9143). */
  #learn(packet: RtpPacket): Stream | undefined {
    if (this.#streams.size >= MAX_STREAMS) return undefined;
    for (const publication of this.#publications) {
      const media = this.#media.find(({ mid }) => mid === publication.mid);
      if (media === undefined) continue;
      const { extensionIds: ids, codec } = media;
      if (ids.mid === 0 || readText(packet, ids.mid) !== media.mid) continue;
      if (packet.payloadType === codec.rtxPayloadType) {
        const rid = readText(packet, ids.repairedRid) ?? "";
        const layer = publication.layers.find((one) => one.rid === rid);
        // What is repeated of a stream that nobody has heard of is of no use yet.
        return layer && this.#add(packet.ssrc, { publication, layer, media, isRepair: true });
      }
      if (packet.payloadType !== codec.payloadType) return undefined;
      const rid = readText(packet, ids.rid) ?? "";
      if (media.rids.length > 0 ? !media.rids.includes(rid) : rid !== "") return undefined;
      const layer = publication.layerOf(packet.ssrc, rid);
      return this.#add(packet.ssrc, { publication, layer, media, isRepair: false });
    }
    return undefined;
  }

  #add(ssrc: number, stream: Stream): Stream {
    this.#streams.set(ssrc, stream);
    return stream;
  }
}
