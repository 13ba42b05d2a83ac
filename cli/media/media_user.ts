/**
 * The media of one simulated user: what it sends and what it receives, and the messages by which it
 * agrees on both with the server. The simulated user hands it every message and lets it ask.
 */
import type {
  PublishedMedia,
  ServerMessageOf,
  Topology,
  TrackSource,
} from "../../src/protocol/mod.ts";
import { Histogram } from "../measure/histogram.ts";
import type { Answer } from "../verify/mod.ts";
import type { MediaEngine } from "./engine.ts";
import { type MediaMessage, readMediaMessage } from "./media_messages.ts";
import { MediaReceiver } from "./media_receiver.ts";
import { MediaSender, type PublishedAnswer } from "./media_sender.ts";
import type { Publication, Publications } from "./publications.ts";
import type { RunTime } from "./run_time.ts";
import { DescriptionError } from "./server_description.ts";
import type { Complain, TrackWatch } from "./track_watch.ts";

/** What a user asks of the server about its media. */
export type MediaRequest =
  & { readonly [field: string]: unknown }
  & {
    readonly type: "publish" | "subscription-answer" | "subscribe" | "restart-subscription";
  };

/** How a user speaks with the server. */
export type MediaSignaling = {
  /** Asks; the answer, or undefined when none came in time. */
  readonly ask: (message: MediaRequest) => Promise<Answer | undefined>;
  /** Reports what is wrong. */
  readonly complain: Complain;
};

/** What the media of a user are made with. */
export type MediaUserOptions = MediaSignaling & {
  readonly userId: string;
  readonly roomId: string;
  readonly engine: MediaEngine;
  readonly time: RunTime;
  readonly publications: Publications;
  readonly kbps: number;
  readonly offsetMs: number;
  /** Whether a packet gets lost on purpose. */
  readonly isLost: () => boolean;
  readonly mayPause: boolean;
  /** A packet took so long. */
  readonly delayed: (ms: number, at: number) => void;
  /** A first picture took so long. */
  readonly pictured: (ms: number, at: number) => void;
};

/** A track that a user was told of. */
type ToldTrack = { readonly userId: string; readonly source: TrackSource };

/** The media of one user. */
export class MediaUser {
  readonly userId: string;
  readonly roomId: string;
  readonly sender: MediaSender;
  readonly receiver: MediaReceiver;
  /** How long packets took to this user. */
  readonly delays: Histogram = new Histogram();
  /** How often the server agreed on what it publishes. */
  publishedCount = 0;
  /** How often it was told what its m-lines carry from then on. */
  updateCount = 0;
  /** Where the media of its room travel; undefined: it has not heard. */
  topology: Topology | undefined;
  /** Tracks of others that it was told of, by their ids (rule PB3). */
  readonly #told = new Map<string, ToldTrack>();
  /** Whose pictures it does not look at. */
  #ignored: ReadonlySet<string> = new Set();
  readonly #options: MediaUserOptions;
  #published: ServerMessageOf<"published"> | undefined;
  #connection: number | undefined;
  #isOver = false;

  /** Nothing is sent or received yet. */
  constructor(options: MediaUserOptions) {
    const { userId, roomId, delayed } = options;
    this.userId = userId;
    this.roomId = roomId;
    this.#options = options;
    this.sender = new MediaSender({ ...options, publish: (offer) => this.#publish(offer) });
    this.receiver = new MediaReceiver({
      ...options,
      delayed: (ms, at) => {
        this.delays.record(ms);
        delayed(ms, at);
      },
    });
  }

  /** How many connections to receive over the server has offered, one after the other. */
  get connection(): number | undefined {
    return this.#connection;
  }

  /** Takes a message of the server; those that do not concern media are passed over. */
  receive(message: unknown): void {
    if (this.#isOver) return;
    const read = readMediaMessage(message);
    if (typeof read === "string") return this.complain("ME1", "a message", "its schema", read);
    if (read !== undefined) this.#take(read);
  }

  /** Publishes exactly these sources. */
  async publish(sources: readonly PublishedMedia[]): Promise<void> {
    const wrong = await this.sender.publish(sources);
    if (wrong !== undefined) this.complain("PB1", "published", "what was offered", wrong);
  }

  /** Has a track pause, or come again (rule SB3). */
  async pause(trackId: string, isPaused: boolean): Promise<void> {
    if (isPaused) this.receiver.pausing(trackId);
    else this.receiver.resume(trackId);
    const answer = await this.#options.ask({ type: "subscribe", trackId, paused: isPaused });
    if (isPaused && answer?.isOk) this.receiver.paused(trackId);
  }

  /** Does not look at the pictures of these users from now on, and at those of all others. */
  async ignore(userIds: ReadonlySet<string>): Promise<void> {
    const before = this.#ignored;
    this.#ignored = userIds;
    const pictures = [...this.#told].filter(([, { source }]) => source === "camera");
    const change = (isPaused: boolean, from: ReadonlySet<string>, to: ReadonlySet<string>) =>
      Promise.all(
        pictures.filter(([, { userId }]) => to.has(userId) && !from.has(userId))
          .map(([trackId]) => this.pause(trackId, isPaused)),
      );
    // First, for the server sends so many pictures and no more.
    await change(true, before, userIds);
    await change(false, userIds, before);
  }

  /** Whether it wants a publication. */
  wants({ trackId }: Publication): boolean {
    return this.receiver.wants(trackId);
  }

  /** Asks for another connection to receive over. */
  async restart(): Promise<void> {
    await this.#options.ask({ type: "restart-subscription" });
  }

  /** How it gets a publication of somebody else, if anything was said or came of it. */
  watchOf(publication: Publication): TrackWatch | undefined {
    return this.receiver.watches.find((watch) => watch.publication === publication);
  }

  /** A publication did not come, so long after it was to. */
  missed(publication: Publication, waitedMs: number): void {
    const watch = this.watchOf(publication);
    if (watch?.isWanted === true) return watch.neverCame(waitedMs);
    const expected = "to be told of it, and to have it carried";
    const seen = this.knows(publication) ? "it is not carried" : "nobody told";
    this.complain("PB3", publication.words, expected, seen);
  }

  /** Reports what is wrong: which rule, about what, what was expected, what was seen. */
  complain(rule: string, message: string, expected: string, seen: string): void {
    this.#options.complain(rule, { message, expected, seen });
  }

  /** Whether it was told of a publication (rule PB3). */
  knows({ trackId, userId }: Publication): boolean {
    return this.#told.get(trackId)?.userId === userId;
  }

  /** Whether the server says that it carries a publication to this user. */
  isCarried({ trackId }: Publication): boolean {
    return this.receiver.carried.some((one) => one.trackId === trackId);
  }

  /** Ends it; what had to come until now has to be there. */
  finish(): void {
    if (this.#isOver) return;
    this.receiver.finish();
    this.close();
  }

  /** Ends its connections: what the server says from now on is of no interest. */
  close(): void {
    this.#isOver = true;
    this.sender.close();
    this.receiver.close();
  }

  #take(message: MediaMessage): void {
    switch (message.type) {
      case "joined":
        this.topology = message.room.topology;
        for (const { userId, tracks = [] } of message.participants) {
          for (const { trackId, source } of tracks) this.#hear(trackId, { userId, source });
        }
        return;
      case "topology":
        this.topology = message.topology;
        return;
      case "published":
        this.#published = message;
        return;
      case "track-published":
        return this.#trackPublished(message);
      case "track-unpublished":
        if (this.#told.delete(message.trackId)) return;
        return this.complain("PB3", `track-unpublished`, "a track that was told", message.trackId);
      case "subscription-offer":
        return this.#answer(message);
      case "subscription-updated":
        if (message.connection !== this.#connection) return;
        this.updateCount++;
        return this.receiver.carries(message.tracks);
      case "wanted-layers":
        return this.sender.wanted(message.trackId, message.maxHeight);
      case "media-lost":
        return this.complain("SB5", "media-lost", "connections that stay", message.channel);
    }
  }

  #trackPublished({ userId, track }: ServerMessageOf<"track-published">): void {
    if (this.#told.has(track.trackId)) {
      this.complain("PB3", "track-published", "each track once", `${track.trackId} again`);
    }
    this.#hear(track.trackId, { userId, source: track.source });
  }

  #hear(trackId: string, told: ToldTrack): void {
    this.#told.set(trackId, told);
    const isIgnored = told.source === "camera" && this.#ignored.has(told.userId);
    // Whether it was taken is told by the answer, which the witness judges.
    if (isIgnored) void this.pause(trackId, true);
  }

  async #publish(
    { sdp, tracks }: { sdp: string; tracks: readonly PublishedMedia[] },
  ): Promise<PublishedAnswer | undefined> {
    this.#published = undefined;
    const { ask } = this.#options;
    const answer = await ask({ type: "publish", description: { type: "offer", sdp }, tracks });
    if (!answer?.isOk) return undefined;
    this.publishedCount++;
    return this.#lastPublished();
  }

  #lastPublished(): PublishedAnswer | undefined {
    const { description, tracks } = this.#published ?? {};
    return description && tracks && { sdp: description.sdp, tracks };
  }

  #answer({ connection, description, tracks }: ServerMessageOf<"subscription-offer">): void {
    this.#connection = connection;
    let sdp: string;
    try {
      sdp = this.receiver.answer({ connection, sdp: description.sdp, tracks });
    } catch (error) {
      if (!(error instanceof DescriptionError)) throw error;
      return this.complain("SB1", "subscription-offer", "one to be answered", error.message);
    }
    // Whether it was taken is told by the answer's answer, which the witness judges.
    void this.#options.ask({
      type: "subscription-answer",
      connection,
      description: { type: "answer", sdp },
    });
  }
}
