/**
 * A room whose media go through the server: a connection over which everything is published, and one
 * over which the server sends what others publish. Both are made anew when they are lost.
 */
import type { Cancel } from "../../../src/base/mod.ts";
import type { CodecName } from "../../../src/media/rtp/codecs.ts";
import { CODECS } from "../../../src/media/rtp/codecs.ts";
import { createIceParameters, createSsrc } from "../../../src/media/sfu/credentials.ts";
import type { Transport } from "../../../src/media/sfu/transport.ts";
import type {
  ServerMessage,
  ServerMessageOf,
  SubscribedMedia,
  TrackSource,
} from "../../../src/protocol/mod.ts";
import type { ClientSide } from "../client_descriptions.ts";
import type { MediaEngine } from "../engine.ts";
import { MediaChannel, type SentCounts } from "../mesh/media_channel.ts";
import { peerAnswer, readPeerDescription } from "../mesh/peer_description.ts";
import type { LocalSources } from "../mesh/peer_pair.ts";
import type { RunTime } from "../run_time.ts";
import { DescriptionError, ServerDescription } from "../server_description.ts";
import { whipOffer } from "../session_descriptions.ts";
import type { SourceFrame } from "../sources/frame_source.ts";
import type { RemoteTrack } from "./received_media.ts";

/** What was lost, or refused, is tried again after this long, then after twice as long. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/** A request of the wire. */
export type Asked = { readonly type: string; readonly [field: string]: unknown };

/** What is needed for it. */
export type SfuRoomOptions = {
  readonly engine: MediaEngine;
  readonly time: RunTime;
  readonly cname: string;
  readonly sources: LocalSources;
  readonly counts: SentCounts;
  readonly wantKeyFrame: () => void;
  /** Asks the server; its reply, or undefined: it refused, or said nothing. */
  readonly ask: (message: Asked) => Promise<ServerMessage | undefined>;
  readonly faulted: (what: string) => void;
};

type Subscriber = {
  readonly connection: number;
  readonly client: ClientSide;
  readonly channel: MediaChannel;
  readonly transport: Transport;
  carried: readonly SubscribedMedia[];
  answers: number;
};

/** The connections with the server. */
export class SfuRoom {
  readonly #options: SfuRoomOptions;
  #publisher: { readonly channel: MediaChannel; readonly transport: Transport } | undefined;
  #subscriber: Subscriber | undefined;
  /** The ids of what is published. */
  readonly #published = new Map<string, TrackSource>();
  /** What nobody wants at present. */
  readonly #unwanted = new Set<TrackSource>();
  readonly #retries = new Set<Cancel>();
  #attempts = 0;
  #isClosed = false;

  /** Nothing is connected yet. */
  constructor(options: SfuRoomOptions) {
    this.#options = options;
  }

  /** What comes of the others. */
  get tracks(): RemoteTrack[] {
    const { carried = [], channel, transport } = this.#subscriber ?? {};
    return carried.flatMap(({ mid, userId, source }) => {
      const track = channel?.tracks.get(mid);
      return track === undefined
        ? []
        : [{ userId, source, track, way: transport?.isOpen ? "sfu" as const : undefined }];
    });
  }

  /** Whether it sends. */
  get isPublishing(): boolean {
    return this.#publisher?.transport.isOpen === true;
  }

  /** Publishes, where there is something to publish, and is not yet. */
  async publish(): Promise<void> {
    const { sources, engine, time, cname, counts, ask, wantKeyFrame, faulted } = this.#options;
    if (sources.size === 0 || this.#publisher !== undefined || this.#isClosed) return;
    const client = { ice: createIceParameters(), fingerprint: engine.fingerprint };
    const taken = new Set<number>();
    const lines = [...sources].map(([source, codec], index) => ({
      ...{ source, codec, mid: `${index}`, ssrc: createSsrc(taken) },
      rtxSsrc: CODECS[codec].rtxPayloadType === 0 ? 0 : createSsrc(taken),
    }));
    const reply = await ask({
      type: "publish",
      description: { type: "offer", sdp: whipOffer(client, { lines, cname }) },
      tracks: lines.map(({ mid, source }) => ({ mid, source })),
    });
    if (this.#isClosed || this.#publisher !== undefined) return;
    if (reply?.type !== "published") {
      faulted("it does not let us publish");
      return this.#later(() => void this.publish());
    }
    try {
      const answer = readPeerDescription(reply.description.sdp);
      const channel = new MediaChannel({ time, cname, counts, wantKeyFrame });
      channel.send(lines.flatMap((line) => {
        const found = answer.lines.find(({ mid }) => mid === line.mid);
        const codec = found?.codecs.find(({ name }) => name === line.codec);
        if (found?.isTaken !== true || codec === undefined) return [];
        const { payloadType, rtxPayloadType } = codec;
        return [{ ...line, payloadType, rtxPayloadType, midId: found.midId }];
      }));
      this.#tellRefused(lines, channel);
      const { server: remote } = ServerDescription.read(reply.description.sdp);
      const transport = this.#connect(client, { remote, channel }, () => this.#republish());
      this.#publisher = { channel, transport };
      this.#published.clear();
      for (const { mid, trackId } of reply.tracks) {
        const line = lines.find((one) => one.mid === mid);
        if (line !== undefined) this.#published.set(trackId, line.source);
      }
    } catch (error) {
      if (!(error instanceof DescriptionError)) throw error;
      faulted(`its answer cannot be used: ${error.message}`);
      this.#later(() => void this.publish());
    }
  }

  /** Takes any message of the server, and picks its own. */
  receive(message: ServerMessage): void {
    if (this.#isClosed) return;
    switch (message.type) {
      case "subscription-offer":
        return this.#answer(message);
      case "subscription-updated":
        if (message.connection === this.#subscriber?.connection) this.#carry(message.tracks);
        return;
      case "wanted-layers":
        return this.#wanted(message.trackId, message.maxHeight);
      case "media-lost":
        if (message.channel === "publisher") return this.#republish();
        this.#subscriber?.transport.close(); // Another offer follows by itself (SB5).
        this.#subscriber = undefined;
    }
  }

  /** Sends a frame, where somebody wants it. */
  sendFrame(source: TrackSource, frame: SourceFrame): void {
    if (!this.#unwanted.has(source)) this.#publisher?.channel.sendFrame(source, frame);
  }

  /** Does what is due. */
  tick(): void {
    this.#publisher?.channel.tick();
    this.#subscriber?.channel.tick();
  }

  /** Ends both connections. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#retries) cancel();
    this.#publisher?.transport.close();
    this.#subscriber?.transport.close();
    this.#publisher = this.#subscriber = undefined;
  }

  #answer({ connection, description, tracks }: ServerMessageOf<"subscription-offer">): void {
    const { ask, faulted, cname } = this.#options;
    try {
      const offer = readPeerDescription(description.sdp);
      const current = this.#subscriber;
      const used = current?.connection === connection
        ? current
        : this.#subscribe(connection, description.sdp);
      used.channel.receive(offer.lines);
      this.#carry(tracks);
      const version = ++used.answers;
      const sdp = peerAnswer(used.client, { offer, sent: new Map(), cname, version });
      // What the server makes of the answer it tells by what it sends.
      void ask({
        type: "subscription-answer",
        connection,
        description: { type: "answer", sdp },
      });
    } catch (error) {
      if (!(error instanceof DescriptionError)) throw error;
      faulted(`its subscription-offer cannot be used: ${error.message}`);
    }
  }

  #subscribe(connection: number, sdp: string): Subscriber {
    const { engine, time, cname, counts } = this.#options;
    this.#subscriber?.transport.close();
    const client = { ice: createIceParameters(), fingerprint: engine.fingerprint };
    const channel = new MediaChannel({ time, cname, counts, wantKeyFrame() {} });
    const { server: remote } = ServerDescription.read(sdp);
    const transport = this.#connect(client, { remote, channel }, () => {
      if (this.#subscriber?.connection !== connection) return;
      this.#later(() => void this.#options.ask({ type: "restart-subscription" }));
    });
    return this.#subscriber = { connection, client, channel, transport, carried: [], answers: 0 };
  }

  #connect(
    { ice: local }: ClientSide,
    { remote, channel }: { remote: ServerDescription["server"]; channel: MediaChannel },
    closed: () => void,
  ): Transport {
    const transport = this.#options.engine.connect({ local, remote }, {
      opened: () => this.#attempts = 0,
      packet: (bytes) => channel.take(bytes),
      message() {},
      drained() {},
      closed,
    });
    channel.attach(transport);
    return transport;
  }

  /** The m-lines carry this from now on. */
  #carry(tracks: readonly SubscribedMedia[]): void {
    const subscriber = this.#subscriber;
    if (subscriber === undefined) return;
    for (const { mid, trackId } of tracks) {
      const before = subscriber.carried.find((one) => one.mid === mid);
      if (before?.trackId !== trackId) subscriber.channel.renew(mid);
    }
    subscriber.carried = tracks;
  }

  #wanted(trackId: string, maxHeight: number): void {
    const source = this.#published.get(trackId);
    if (source === undefined) return;
    if (maxHeight === 0) this.#unwanted.add(source);
    else if (this.#unwanted.delete(source)) this.#options.wantKeyFrame();
  }

  #republish(): void {
    this.#publisher?.transport.close();
    this.#publisher = undefined;
    this.#unwanted.clear();
    this.#later(() => void this.publish());
  }

  #later(action: () => void): void {
    if (this.#isClosed) return;
    const pauseMs = Math.min(RETRY_MS * 2 ** this.#attempts++, LONGEST_RETRY_MS);
    const cancel = this.#options.time.after(pauseMs, () => {
      this.#retries.delete(cancel);
      action();
    });
    this.#retries.add(cancel);
  }

  #tellRefused(
    lines: readonly { readonly source: TrackSource; readonly codec: CodecName }[],
    channel: MediaChannel,
  ): void {
    for (const { source, codec } of lines) {
      if (!channel.sources.includes(source)) {
        this.#options.faulted(`it does not take ${codec} for the ${source}`);
      }
    }
  }
}
