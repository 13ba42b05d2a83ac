/**
 * The receiving side of one synthetic user: answers what the server offers, takes every packet and
 * sees to it that each is judged: it belongs to the track that was told for its m-line, and nothing of
 * its own or of another room is among them.
 */
import type { SubscribedMedia } from "../../src/protocol/mod.ts";
import { CarriedTracks } from "./carried_tracks.ts";
import type { MediaEngine } from "./engine.ts";
import { IncomingConnection } from "./incoming_connection.ts";
import type { IncomingStream } from "./incoming_stream.ts";
import type { Publication, Publications } from "./publications.ts";
import type { ReceivedPacket } from "./received_packet.ts";
import { ReceiverReports } from "./receiver_reports.ts";
import type { RunTime } from "./run_time.ts";
import { ServerDescription } from "./server_description.ts";
import { type Complain, TrackWatch, type TrackWatchOptions, type WatchEnd } from "./track_watch.ts";

/** A picture that has not begun by then is asked for. */
const STUCK_MS = 500;
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

/** The receiving side. */
export class MediaReceiver {
  readonly reports: ReceiverReports = new ReceiverReports();
  readonly #options: MediaReceiverOptions;
  readonly #watchOptions: TrackWatchOptions;
  readonly #carried: CarriedTracks;
  readonly #watches = new Map<Publication, TrackWatch>();
  /** The tracks that the user has paused. */
  readonly #paused = new Set<string>();
  readonly #complained = new Set<string>();
  /** One after the other; the last one is used. */
  readonly #connections: IncomingConnection[] = [];
  #slowAt = Number.NEGATIVE_INFINITY;

  /** Nothing is received yet. */
  constructor(options: MediaReceiverOptions) {
    this.#options = options;
    this.#carried = new CarriedTracks(options.time);
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

  /** Every m-line there ever was. */
  get streams(): IncomingStream[] {
    return this.#connections.flatMap(({ streams }) => streams);
  }

  /** Takes an offer; returns the answer. Throws DescriptionError. */
  answer({ connection, sdp, tracks }: ReceivedOffer): string {
    const offer = ServerDescription.read(sdp);
    const current = this.#connections.at(-1);
    const used = current?.number === connection ? current : this.#connect(connection, offer);
    const answer = used.answer(offer);
    this.carries(tracks);
    return answer;
  }

  /** The server carries this from now on (rule SB2). */
  carries(tracks: readonly SubscribedMedia[]): void {
    for (const { trackId } of this.#carried.tell(tracks)) {
      const isOver = this.#named(trackId)?.endedAt !== undefined;
      this.#unwant(trackId, {
        rule: isOver ? "PB3" : "SB2",
        why: isOver ? "it had ended" : "something else was told for its m-line",
      });
    }
    this.#followCarried(this.#options.time.now);
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
    const { time } = this.#options;
    const at = time.now;
    this.#followCarried(at);
    for (const watch of this.#watches.values()) watch.tick();
    for (const { mid, trackId } of this.#carried.untold()) {
      const words = this.#named(trackId)?.words ?? `track ${trackId}`;
      this.#complain("SB1", `m-line "${mid}"`, "only the track that was told", words);
    }
    const connection = this.#connections.at(-1);
    if (connection?.isOpen !== true) return;
    const { streams } = connection;
    const due = this.reports.due(streams, { at, stuck: this.#stuck(streams, at) });
    for (const packet of due) connection.send(packet);
  }

  /** Ends it: what had to come until now has to be there. */
  finish(): void {
    const at = this.#options.time.now;
    for (const watch of this.#watches.values()) watch.finish(at);
    this.close();
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    this.#connections.at(-1)?.close();
  }

  #connect(number: number, offer: ServerDescription): IncomingConnection {
    const { engine, time } = this.#options;
    this.close();
    for (const watch of this.#watches.values()) {
      watch.unwant(time.now, { rule: "SB1", why: "another connection was offered" });
    }
    this.#carried.tell([]);
    const connection: IncomingConnection = new IncomingConnection(number, offer, {
      engine,
      time,
      packet: (stream, packet, at) => {
        if (connection === this.#connections.at(-1)) this.#take(stream, packet, at);
      },
      wrong: (message, expected, seen) => this.#complain("SB1", message, expected, seen),
    });
    this.#connections.push(connection);
    return connection;
  }

  #take(stream: IncomingStream, packet: ReceivedPacket, at: number): void {
    const { publications, isLost } = this.#options;
    const { mid, isVideo } = stream.offer;
    const publication = publications.of(packet.payload.publication);
    if (publication === undefined || !this.#isOurs(publication)) return;
    // Key frames are spared: see SentTrackOptions.
    if (isVideo && !packet.isRepeated && !packet.payload.isKeyFrame && isLost()) {
      stream.dropped++;
      return;
    }
    this.#carried.came(mid, publication.trackId);
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

  /** Wants what is carried and not paused, as soon as it is known what that is. */
  #followCarried(at: number): void {
    for (const { mid, trackId, userId, source } of this.#carried.all) {
      const publication = this.#named(trackId);
      if (publication === undefined) continue; // Its publisher has not heard of it yet.
      if (publication.userId !== userId || publication.source !== source) {
        const seen = `${source} of ${userId}`;
        this.#complain("SB1", `track of m-line "${mid}"`, publication.words, seen);
      }
      if (publication.endedAt !== undefined || this.#paused.has(trackId)) continue;
      this.#watch(publication).want(at);
    }
  }

  #unwant(trackId: string, end: WatchEnd): void {
    const publication = this.#named(trackId);
    if (publication !== undefined) this.#watch(publication).unwant(this.#options.time.now, end);
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
