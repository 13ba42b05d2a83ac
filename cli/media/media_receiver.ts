/**
 * The receiving side of one synthetic user: answers what the server offers, takes every packet and
 * sees to it that each is judged: it belongs to the track that was told for its m-line, it is as it
 * was sent, and nothing of its own or of another room is among them.
 */
import { isRtcp } from "../../src/media/rtp/packet.ts";
import { readRtcp } from "../../src/media/rtp/rtcp.ts";
import { createIceParameters } from "../../src/media/sfu/credentials.ts";
import type { Transport } from "../../src/media/sfu/transport.ts";
import type { SubscribedMedia } from "../../src/protocol/mod.ts";
import { CarriedTracks } from "./carried_tracks.ts";
import { receiverAnswer } from "./client_descriptions.ts";
import type { MediaEngine } from "./engine.ts";
import { IncomingStream } from "./incoming_stream.ts";
import type { Publication, Publications } from "./publications.ts";
import { ReceivedPacket } from "./received_packet.ts";
import { ReceiverReports } from "./receiver_reports.ts";
import { connectToServer } from "./server_connection.ts";
import type { RunTime } from "./run_time.ts";
import { ServerDescription } from "./server_description.ts";
import { type Complain, TrackWatch, type TrackWatchOptions, type WatchEnd } from "./track_watch.ts";

/** A picture that has not begun by then is asked for. */
const STUCK_MS = 500;
/** By more than this a report of the server would put lips and voice apart. */
const MAX_MISPLACED_MS = 20;

/** Packets that take longer make a server believe that the path is full, and may come too late. */
const SLOW_MS = 150;
/** What follows from that shows for so long. */
const SLOW_FOR_MS = 10_000;

/** What a receiver needs. */
export type MediaReceiverOptions = {
  readonly userId: string;
  readonly roomId: string;
  readonly engine: MediaEngine;
  readonly time: RunTime;
  readonly publications: Publications;
  readonly complain: Complain;
  /** Whether a packet of a picture gets lost at the door, on purpose. */
  readonly isLost: () => boolean;
  /** A packet took so long. */
  readonly delayed: (ms: number, at: number) => void;
  /** A first picture took so long. */
  readonly pictured: (ms: number, at: number) => void;
  /** The path may be too narrow for all pictures. */
  readonly mayPause: boolean;
};

/** An offer of the server (rule SB1). */
export type ReceivedOffer = {
  readonly connection: number;
  readonly sdp: string;
  readonly tracks: readonly SubscribedMedia[];
};

/** One connection, and what came over it. */
type Incoming = {
  readonly connection: number;
  readonly transport: Transport;
  readonly client: Parameters<typeof receiverAnswer>[0];
  readonly streams: Map<number, { readonly stream: IncomingStream; readonly isRepair: boolean }>;
  version: number;
};

/** The receiving side. */
export class MediaReceiver {
  readonly reports: ReceiverReports = new ReceiverReports();
  readonly #options: MediaReceiverOptions;
  readonly #packet = new ReceivedPacket();
  readonly #carried = new CarriedTracks();
  readonly #watches = new Map<Publication, TrackWatch>();
  /** The tracks that the user has paused. */
  readonly #paused = new Set<string>();
  readonly #complained = new Set<string>();
  readonly #allStreams: IncomingStream[] = [];
  #incoming: Incoming | undefined;
  #slowAt = Number.NEGATIVE_INFINITY;
  readonly #watchOptions: TrackWatchOptions;

  /** Nothing is received yet. */
  constructor(options: MediaReceiverOptions) {
    this.#options = options;
    this.#watchOptions = {
      ...options,
      isSlow: () => options.time.now - this.#slowAt < SLOW_FOR_MS,
      delayed: (ms, at) => {
        if (ms > SLOW_MS) this.#slowAt = at;
        options.delayed(ms, at);
      },
    };
  }

  /** What it has watched, each publication once. */
  get watches(): readonly TrackWatch[] {
    return [...this.#watches.values()];
  }

  /** What the server says that it sends now. */
  get carried(): readonly SubscribedMedia[] {
    return this.#carried.all;
  }

  /** Packets that were dropped on purpose. */
  get dropped(): number {
    return this.#allStreams.reduce((sum, stream) => sum + stream.dropped, 0);
  }

  /** Packets that did not come at first, without our doing. */
  get lostOnTheWay(): number {
    return this.#allStreams.reduce(
      (sum, { gaps, dropped }) => sum + Math.max(0, gaps - dropped),
      0,
    );
  }

  /** Takes an offer; returns the answer. Throws DescriptionError. */
  answer({ connection, sdp, tracks }: ReceivedOffer): string {
    const offer = ServerDescription.read(sdp);
    if (this.#incoming?.connection !== connection) this.#connect(connection, offer);
    const incoming = this.#incoming!; // It was there or has just been made.
    for (const line of offer.streams) {
      if (incoming.streams.has(line.ssrc)) continue;
      const stream = new IncomingStream(line, this.#options.time);
      this.#allStreams.push(stream);
      incoming.streams.set(line.ssrc, { stream, isRepair: false });
      if (line.rtxSsrc !== 0) incoming.streams.set(line.rtxSsrc, { stream, isRepair: true });
    }
    this.carries(tracks);
    return receiverAnswer(incoming.client, { media: offer.media, version: ++incoming.version });
  }

  /** The server carries this from now on (rule SB2). */
  carries(tracks: readonly SubscribedMedia[]): void {
    const at = this.#options.time.now;
    for (const { trackId } of this.#carried.tell(tracks, at)) {
      const publication = this.#named(trackId);
      if (publication === undefined) continue;
      const isOver = publication.endedAt !== undefined;
      this.#watch(publication).unwant(at, {
        rule: isOver ? "PB3" : "SB2",
        why: isOver ? "it had ended" : "something else was told for its m-line",
      });
    }
    this.#followCarried(at);
  }

  /** The user asks not to be sent a track for now (rule SB3): it is not waited for any more. */
  pausing(trackId: string): void {
    this.#paused.add(trackId);
  }

  /** The server has agreed: from now on nothing of it may come. */
  paused(trackId: string): void {
    this.#unwant(trackId, { rule: "SB3", why: "it was paused" });
  }

  /** The user wants it again. */
  resume(trackId: string): void {
    this.#paused.delete(trackId);
    this.#followCarried(this.#options.time.now);
  }

  /** Whether the user wants a track. */
  wants(trackId: string): boolean {
    return !this.#paused.has(trackId);
  }

  /** What is due: reports, and what did not come in time. */
  tick(): void {
    const at = this.#options.time.now;
    this.#followCarried(at);
    for (const watch of this.#watches.values()) watch.tick();
    for (const { mid, trackId } of this.#carried.untold(this.#options.time.attentive)) {
      const words = this.#named(trackId)?.words ?? `track ${trackId}`;
      this.#complain("SB1", `m-line "${mid}"`, "only the track that was told", words);
    }
    const incoming = this.#incoming;
    if (incoming === undefined || !incoming.transport.isOpen) return;
    const streams = this.#streamsNow();
    const due = this.reports.due(streams, { at, stuck: this.#stuck(streams, at) });
    for (const packet of due) incoming.transport.send(packet);
  }

  /** Ends it: what had to come until now has to be there. */
  finish(): void {
    const at = this.#options.time.now;
    for (const watch of this.#watches.values()) watch.finish(at);
    this.close();
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    this.#incoming?.transport.close();
    this.#incoming = undefined;
  }

  #connect(connection: number, description: ServerDescription): void {
    const { engine, time } = this.#options;
    const at = time.now;
    this.close();
    for (const watch of this.#watches.values()) {
      watch.unwant(at, { rule: "SB1", why: "another connection was offered" });
    }
    this.#carried.tell([], at);
    const ice = createIceParameters();
    const receive = (bytes: Uint8Array) => this.#receive(bytes);
    const transport = connectToServer(engine, { ice, description }, receive);
    const client = { ice, fingerprint: engine.fingerprint };
    this.#incoming = { connection, transport, client, streams: new Map(), version: 0 };
  }

  #receive(bytes: Uint8Array): void {
    const at = this.#options.time.now;
    const incoming = this.#incoming;
    if (incoming === undefined) return;
    if (isRtcp(bytes)) return this.#control(incoming, bytes, at);
    const packet = this.#packet;
    const { rtp } = packet;
    if (!rtp.read(bytes)) return this.#complain("SB1", "a packet", "RTP", `${bytes.length} bytes`);
    if (rtp.payloadStart === rtp.payloadEnd) return; // A probe of the path.
    const found = incoming.streams.get(rtp.ssrc);
    if (found === undefined) {
      return this.#complain("SB1", "a packet", "a source of the offer", `SSRC ${rtp.ssrc}`);
    }
    const { stream, isRepair } = found;
    const { mid, isVideo } = stream.offer;
    if (!packet.read({ isVideo, isRepeated: isRepair })) {
      return this.#complain("SB1", `m-line "${mid}"`, "payloads as they were sent", "another");
    }
    const publication = this.#options.publications.of(packet.payload.publication);
    if (publication === undefined || !this.#isOurs(publication)) return;
    if (isVideo && !isRepair && !packet.payload.isKeyFrame && this.#options.isLost()) {
      stream.dropped++;
      return;
    }
    this.#carried.came(mid, publication.trackId, this.#options.time.attentive);
    stream.carried(publication, packet, at);
    this.#watch(publication).take(packet, stream.number(packet, at), at);
  }

  /** Whether the user may get a publication at all. */
  #isOurs({ roomId, userId, words }: Publication): boolean {
    if (roomId !== this.#options.roomId) {
      this.#complain("OR2", "a packet", "none of another room", `${words} in room "${roomId}"`);
      return false;
    }
    if (userId !== this.#options.userId) return true;
    this.#complain("SB1", "a packet", "none of its own", words);
    return false;
  }

  #control({ streams }: Incoming, bytes: Uint8Array, at: number): void {
    const { time } = this.#options;
    for (const message of readRtcp(bytes)) {
      if (message.type !== "sender-report") continue;
      const stream = streams.get(message.ssrc)?.stream;
      const misplaced = stream?.senderReport(message, at, time.epochOf(at));
      if (misplaced === undefined || Math.abs(misplaced) <= MAX_MISPLACED_MS) continue;
      const seen = `${Math.round(misplaced)} ms beside it`;
      const what = `sender report of m-line "${stream?.offer.mid}"`;
      this.#complain("SB1", what, "the time at which it was sent", seen);
    }
  }

  /** Wants what is carried and not paused, as soon as it is known what that is. */
  #followCarried(at: number): void {
    for (const { mid, trackId, userId, source, since } of this.#carried.all) {
      if (this.#paused.has(trackId)) continue;
      const publication = this.#named(trackId);
      if (publication === undefined) continue; // Its publisher has not heard of it yet.
      if (publication.userId !== userId || publication.source !== source) {
        const expected = publication.words;
        this.#complain("SB1", `track of m-line "${mid}"`, expected, `${source} of ${userId}`);
      }
      const watch = this.#watch(publication);
      if (!watch.isWanted && publication.endedAt === undefined) watch.want(Math.max(since, at));
    }
  }

  #unwant(trackId: string, end: WatchEnd): void {
    const publication = this.#named(trackId);
    if (publication === undefined) return;
    this.#watch(publication).unwant(this.#options.time.now, end);
  }

  /** Streams whose picture has not begun although it is wanted. */
  #stuck(streams: readonly IncomingStream[], at: number): IncomingStream[] {
    return this.#carried.all.flatMap(({ mid, trackId, since }) => {
      const stream = streams.find(({ offer }) => offer.mid === mid);
      const publication = this.#named(trackId);
      if (stream?.offer.isVideo !== true || publication === undefined) return [];
      const watch = this.#watch(publication);
      return watch.isWanted && !watch.isLive && at - since >= STUCK_MS ? [stream] : [];
    });
  }

  #streamsNow(): IncomingStream[] {
    const found: IncomingStream[] = [];
    for (const { stream, isRepair } of this.#incoming?.streams.values() ?? []) {
      if (!isRepair) found.push(stream);
    }
    return found;
  }

  #named(trackId: string): Publication | undefined {
    return this.#options.publications.named(this.#options.roomId, trackId);
  }

  #watch(publication: Publication): TrackWatch {
    const known = this.#watches.get(publication);
    if (known !== undefined) return known;
    const watch = new TrackWatch(publication, this.#watchOptions);
    this.#watches.set(publication, watch);
    return watch;
  }

  /** Complains of what concerns no publication by itself, once each. */
  #complain(rule: string, message: string, expected: string, seen: string): void {
    const key = `${rule} ${message} ${expected}`;
    if (this.#complained.has(key)) return;
    this.#complained.add(key);
    this.#options.complain(rule, { message, expected, seen });
  }
}
