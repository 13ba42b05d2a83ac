/**
 * What the rooms ask of the media plane and what it tells them: interfaces and one error, nothing
 * else. `host.ts` implements it over child processes, `fake/` in memory; `rooms/`, `signaling/` and
 * `http/` see this file alone. Every method is safe to call at any time: what concerns a room or a
 * participant that is gone does nothing, or rejects with MediaError where it promises an answer.
 */
import type {
  MediaChannel,
  PublishedMedia,
  RoomId,
  Speaker,
  SubscribedMedia,
  TrackView,
  UserId,
} from "../protocol/mod.ts";

/** The media of all rooms. */
export interface MediaPlane {
  /** Whether rooms may use it: `--media off`, or an engine that this machine lacks, says no. */
  readonly isAvailable: boolean;
  /** Begins the media of a room; nothing is sent or received yet. */
  openRoom(roomId: RoomId, events: MediaRoomEvents): MediaRoom;
  /** Counters of everything, for the metrics. Never rejects. */
  stats(): Promise<MediaPlaneStats>;
  /** Ends everything. Idempotent; never rejects. */
  close(): Promise<void>;
}

/** The media of one room. */
export interface MediaRoom {
  /** `userId` is in the room: what the others publish is offered to it. */
  addParticipant(userId: UserId): void;
  /** `userId` is gone: its publications end, its connections are closed. */
  removeParticipant(userId: UserId): void;
  /**
   * Agrees on a publisher connection, or on another shape of it (rules PB1-PB5). Rejects with
   * MediaError `bad-description` or `unavailable`, and nothing has changed.
   */
  publish(userId: UserId, request: PublishRequest): Promise<PublishAnswer>;
  /** Takes the answer to the last offer (rule SB1). Rejects with MediaError `bad-description`. */
  answer(userId: UserId, answer: SubscriptionAnswer): Promise<void>;
  /** Offers a new subscriber connection in place of the one before (rule SB4). */
  restartSubscription(userId: UserId): void;
  /** How a participant wants a track (rule SB3). Rejects with MediaError `no-such-track`. */
  subscribe(userId: UserId, wish: SubscriptionWish): Promise<void>;
  /** A subscriber connection that the client offers (WHEP). Rejects with MediaError. */
  view(userId: UserId, request: ViewRequest): Promise<{ readonly sdp: string }>;
  /**
   * What goes through: of the whole room for the administrator, or of participant `of` alone for
   * itself (rule MS1). Rejects when it is gone.
   */
  stats(of?: UserId): Promise<MediaRoomStats>;
  /** Records from now on. Rejects with MediaError `not-configured` or `already-recording`. */
  startRecording(options: RecordingOptions): Promise<RecordingView>;
  /** Ends the recording; its files are complete. Rejects with MediaError `not-recording`. */
  stopRecording(): Promise<RecordingView>;
  /** Packets of one participant as a pcap stream, until it is cancelled or the bounds are reached. */
  capture(userId: UserId, options: CaptureOptions): ReadableStream<Uint8Array>;
  /** Ends the media of the room; no event comes any more. Idempotent. */
  close(): void;
}

/** What a room's media tell. */
export interface MediaRoomEvents {
  published(userId: UserId, track: TrackView): void;
  unpublished(userId: UserId, track: TrackView): void;
  /** Rule SB1. One is outstanding at a time, until `answer` has taken its answer. */
  subscriptionOffered(userId: UserId, offer: SubscriptionOffer): void;
  /** Rule SB2: the m-lines are as before, and carry something else. */
  subscriptionUpdated(userId: UserId, update: Omit<SubscriptionOffer, "sdp">): void;
  /** Rule SP1: loudest first. */
  speakersChanged(speakers: readonly Speaker[]): void;
  /** Rule PB6: the tallest picture that anybody wants of a track, 0: nobody wants it. */
  layersWanted(userId: UserId, wanted: { trackId: string; maxHeight: number }): void;
  /** A connection of `userId` is lost for good; the client has to make another. */
  connectionLost(userId: UserId, channel: MediaChannel): void;
  /**
   * The process behind it died: all publications and connections are gone. Another takes over, unless
   * `isAvailable` says no now.
   */
  restarted(): void;
  /** A recording ended by itself: its bounds, or the disk. */
  recordingEnded(recording: RecordingView): void;
}

export type { MediaChannel };

/** An offer of a publisher. */
export type PublishRequest = {
  /** RFC 8866; an offer. */
  readonly sdp: string;
  /** The m-lines that carry something now. */
  readonly tracks: readonly PublishedMedia[];
};

/** What became of it. */
export type PublishAnswer = {
  readonly sdp: string;
  readonly tracks: readonly { readonly mid: string; readonly trackId: string }[];
};

/** An offer to a subscriber. */
export type SubscriptionOffer = {
  /** Another number than before: another connection. */
  readonly connection: number;
  readonly sdp: string;
  readonly tracks: readonly SubscribedMedia[];
};

/** The answer of a subscriber. */
export type SubscriptionAnswer = { readonly connection: number; readonly sdp: string };

/** What a subscriber wants of a track. */
export type SubscriptionWish = {
  readonly trackId: string;
  /** Pixels. Default: as tall as it comes. */
  readonly maxHeight?: number | undefined;
  /** Default not. */
  readonly isPaused?: boolean | undefined;
};

/** A WHEP offer: what `from` publishes, or everybody where it is left out. */
export type ViewRequest = { readonly sdp: string; readonly from?: UserId | undefined };

/** Bounds of a recording. */
export type RecordingOptions = {
  readonly maxBytes: number;
  readonly maxMs: number;
  readonly container: "webm" | "mp4";
};

/** A recording. */
export type RecordingView = {
  readonly recordingId: string;
  readonly state: "recording" | "ended" | "failed";
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** Names within the folder of recordings; the last one is the index. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Why it ended: `asked`, `max-bytes`, `max-ms`, `disk`, `room-ended`, `process-died`. */
  readonly reason?: string;
};

/** Bounds of a capture. */
export type CaptureOptions = { readonly maxBytes: number; readonly maxMs: number };

/** Counters of a direction of one stream since it began. */
export type StreamCounters = {
  readonly packets: number;
  readonly bytes: number;
  /** Packets that the receiving side missed. */
  readonly lost: number;
  /** RFC 4585: negative acknowledgements and picture loss indications that were sent or came. */
  readonly nacks: number;
  readonly plis: number;
  /** RFC 4588: packets that were sent again, or came again. */
  readonly retransmitted: number;
};

/** A layer that a publisher sends. */
export type LayerStats = StreamCounters & {
  /** The a=rid, or the spatial layer; empty where there is but one. */
  readonly rid: string;
  readonly bitrateKbps: number;
  readonly width: number;
  readonly height: number;
};

/** A track that a participant publishes. */
export type PublicationStats = TrackView & {
  readonly userId: UserId;
  readonly codec: string;
  readonly layers: readonly LayerStats[];
};

/** A track that a participant receives. */
export type SubscriptionStats = StreamCounters & TrackView & {
  readonly userId: UserId;
  /** Who publishes it. */
  readonly from: UserId;
  /** The layer that is forwarded; empty while none is. */
  readonly rid: string;
  /** Of its pictures; 0 of sound, and while none is forwarded. */
  readonly height: number;
  readonly isPaused: boolean;
  readonly bitrateKbps: number;
  /** Milliseconds. */
  readonly roundTripMs: number;
};

/** The media of one room in numbers. */
export type MediaRoomStats = {
  readonly publications: readonly PublicationStats[];
  readonly subscriptions: readonly SubscriptionStats[];
  /** What each subscriber is believed to take, bits a second. */
  readonly estimates: readonly { readonly userId: UserId; readonly bitrate: number }[];
  /** The recording that runs, as it is now; of the whole room alone. */
  readonly recording?: RecordingView | undefined;
};

/** All media in numbers. */
export type MediaPlaneStats = {
  readonly processes: number;
  readonly rooms: number;
  readonly connections: number;
  readonly publications: number;
  readonly subscriptions: number;
  /** Since the start of the process that has them. */
  readonly received: StreamCounters;
  readonly sent: StreamCounters;
  /** Processes that died and were replaced. */
  readonly restarts: number;
};

/** Why the media plane cannot do something. */
export type MediaErrorCode =
  | "bad-description"
  | "no-such-track"
  | "no-such-participant"
  | "unavailable"
  | "not-configured"
  | "already-recording"
  | "not-recording";

/** An operation of the media plane that cannot proceed; `message` says why, for people. */
export class MediaError extends Error {
  /** Stable name of what went wrong. */
  readonly code: MediaErrorCode;

  /** An error with its name. */
  constructor(code: MediaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MediaError";
    this.code = code;
  }
}
