/**
 * The connection over which one participant publishes: it makes publications of the streams that come,
 * and speaks RTCP with the browser: what came, what is missing, how the path fares, when a
 * key frame is needed (RFC 3550, RFC 4585, transport-wide congestion control).
 */
import type { PublishedMedia, UserId } from "../../protocol/mod.ts";
import { readTransportSequenceNumber } from "../rtp/extensions.ts";
import { isRtcp, RtpPacket } from "../rtp/packet.ts";
import { fromNtp, middleOfNtp } from "../rtp/ntp.ts";
import {
  readRtcp,
  type RtcpMessage,
  writeNack,
  writePictureLoss,
  writeReceiverReport,
} from "../rtp/rtcp.ts";
import { TransportFeedback } from "../rtp/transport_feedback.ts";
import type { NegotiatedMedia } from "../sdp/negotiated_media.ts";
import { IngressLimit } from "./ingress_limit.ts";
import type { Layer } from "./layer.ts";
import { type Heard, Publication } from "./publication.ts";
import { publishedTracks } from "./published_tracks.ts";
import { restoreRepeated } from "./repair_packet.ts";
import { StreamTable } from "./stream_table.ts";
import type { PacketTap, Transport } from "./transport.ts";

/** Our own SSRC in reports about others: we send no media here. */
const OWN_SSRC = 1;
/** Report blocks that one report holds (RFC 3550, section 6.4.1: five bits). */
const MAX_REPORT_BLOCKS = 31;
/** Reports go out this often: some 50 bytes, so well below the bounds of RFC 3550, section 6.2. */
const REPORT_PERIOD_MS = 1_000;
/** One request for a key frame in this time: encoders need some to make one. */
const KEY_FRAME_PERIOD_MS = 400;

/** What a publisher is made with. */
export type PublisherOptions = {
  readonly userId: UserId;
  /** Names a new track. */
  readonly createTrackId: () => string;
  /** Hears how loud the participant is. */
  readonly heard: Heard;
  /** The qualities of a publication are others than before. */
  readonly qualitiesChanged: (publication: Publication) => void;
};

/** What became of the publications by another description. */
export type PublicationChange = {
  readonly published: readonly Publication[];
  readonly unpublished: readonly Publication[];
};

/** The publisher connection of one participant. */
export class Publisher {
  /** The ICE user name of the browser: another one is another connection. */
  readonly remoteUsernameFragment: string;
  /** Set as soon as there is one. */
  transport: Transport | undefined;
  /** Sees every packet, while somebody captures. */
  tap: PacketTap | undefined;
  readonly #options: PublisherOptions;
  readonly #packet = new RtpPacket();
  readonly #streams = new StreamTable();
  readonly #feedback = new TransportFeedback();
  readonly #limit = new IngressLimit();
  #publications: Publication[] = [];
  #reportedAt = Number.NEGATIVE_INFINITY;
  #roundTripMs = 50;
  #feedbackSsrc = 0;

  /** Nothing is published yet. */
  constructor(remoteUsernameFragment: string, options: PublisherOptions) {
    this.remoteUsernameFragment = remoteUsernameFragment;
    this.#options = options;
  }

  /** What is published now. */
  get publications(): readonly Publication[] {
    return this.#publications;
  }

  /** Takes what was agreed on, and which m-lines carry something now. Throws MediaError. */
  apply(
    media: readonly NegotiatedMedia[],
    tracks: readonly PublishedMedia[],
  ): PublicationChange {
    const before = this.#publications;
    const create = (one: NegotiatedMedia, source: PublishedMedia["source"]) =>
      this.#create(one, source);
    const next = publishedTracks({ media, tracks, before, create });
    this.#publications = next;
    this.#streams.follow(next, media);
    return {
      published: next.filter((publication) => !before.includes(publication)),
      unpublished: before.filter((publication) => !next.includes(publication)),
    };
  }

  /** One packet of the browser, which came at `at`. */
  receive(bytes: Uint8Array, at: number): void {
    this.tap?.("in", bytes);
    if (isRtcp(bytes)) {
      for (const message of readRtcp(bytes)) this.#control(message, at);
      return;
    }
    if (!this.#limit.take(bytes.length, at)) return;
    const packet = this.#packet;
    if (!packet.read(bytes)) return;
    const stream = this.#streams.of(packet);
    if (stream === undefined) return;
    const { layer, publication, media } = stream;
    const transportNumber = readTransportSequenceNumber(packet, media.extensionIds.transportCc);
    if (transportNumber >= 0) {
      this.#feedbackSsrc = packet.ssrc;
      this.#feedback.received(transportNumber, at);
    }
    if (stream.isRepair) {
      if (!restoreRepeated(packet, layer.ssrc, media.codec.payloadType)) return;
      // What came in the end by itself, or was given up, is of no use any more.
      if (!layer.missing.came(packet.sequenceNumber)) return;
      layer.retransmitted++;
      publication.receive(packet, layer, at);
      return;
    }
    if (packet.payloadType !== media.codec.payloadType) return;
    const { reception, missing } = layer;
    const highest = reception.highest;
    const ahead = reception.count(packet.sequenceNumber, packet.timestamp, at);
    if (Number.isNaN(ahead)) missing.clear();
    else if (ahead > 1 && publication.isVideo) {
      if (!missing.skipped(highest, packet.sequenceNumber, at)) layer.wantKeyFrame();
    } else if (ahead <= 0 && publication.isVideo && !missing.came(packet.sequenceNumber)) return;
    layer.touched(at);
    layer.meter.add(packet.payloadEnd - packet.payloadStart);
    publication.receive(packet, layer, at);
  }

  /** What is due at `at`: feedback, requests, reports. To be called every 50 ms or so. */
  tick(at: number): void {
    for (const { layers } of this.#publications) for (const layer of layers) layer.tick(at);
    const { transport } = this;
    if (transport === undefined || !transport.isOpen) return;
    const feedback = this.#feedback.build(OWN_SSRC, this.#feedbackSsrc);
    if (feedback !== undefined) this.#send(feedback);
    for (const { layers } of this.#publications) {
      for (const layer of layers) this.#ask(layer, at);
    }
    if (at - this.#reportedAt < REPORT_PERIOD_MS) return;
    this.#reportedAt = at;
    const report = this.#report(at);
    if (report !== undefined) this.#send(report);
  }

  /** Ends the connection; whoever made the publications takes them back. Idempotent. */
  close(): void {
    this.transport?.close();
    this.#streams.clear();
  }

  #create(media: NegotiatedMedia, source: PublishedMedia["source"]): Publication {
    const { userId, createTrackId, heard, qualitiesChanged } = this.#options;
    const publication: Publication = new Publication({
      trackId: createTrackId(),
      userId,
      source,
      media,
      heard: source === "microphone" ? heard : undefined,
      qualitiesChanged: () => qualitiesChanged(publication),
    });
    return publication;
  }

  #control(message: RtcpMessage, at: number): void {
    if (message.type === "sender-report") {
      const stream = this.#streams.find(message.ssrc);
      if (stream === undefined || stream.isRepair) return;
      const { ntpHigh, ntpLow, rtpTimestamp } = message;
      const ntpMs = fromNtp(ntpHigh, ntpLow);
      stream.layer.clock = { ntpMs, rtpTimestamp, at, middle: middleOfNtp(ntpHigh, ntpLow) };
    }
    if (message.type === "goodbye") {
      for (const ssrc of message.ssrcs) this.#streams.delete(ssrc);
    }
  }

  /** Asks for what a layer misses. */
  #ask(layer: Layer, at: number): void {
    const due = layer.missing.due(at, this.#roundTripMs);
    if (due.length > 0) {
      layer.nacks += due.length;
      this.#send(writeNack(OWN_SSRC, layer.ssrc, due));
    }
    if (layer.takeKeyFrameWish(at, KEY_FRAME_PERIOD_MS)) {
      this.#send(writePictureLoss(OWN_SSRC, layer.ssrc));
    }
  }

  #send(bytes: Uint8Array): void {
    this.transport?.send(bytes);
    this.tap?.("out", bytes);
  }

  #report(at: number): Uint8Array | undefined {
    const blocks = this.#publications.flatMap(({ layers }) => layers)
      .filter((layer) => layer.isActive(at))
      .slice(0, MAX_REPORT_BLOCKS)
      .map((layer) => ({
        ssrc: layer.ssrc,
        ...layer.reception.report(),
        lastSenderReport: layer.clock?.middle ?? 0,
        delaySinceLastSenderReport: layer.clock === undefined
          ? 0
          : Math.round((at - layer.clock.at) * 65.536),
      }));
    return blocks.length === 0 ? undefined : writeReceiverReport(OWN_SSRC, blocks);
  }
}
