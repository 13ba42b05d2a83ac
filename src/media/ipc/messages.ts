/**
 * What the server's process and a media process say to each other: requests that are answered, and
 * notices that are not. Both sides are started from the same files, so the names and their bodies
 * are types here and are not checked again at run time; `frame.ts` checks what holds a body.
 */
import type { RoomId, Speaker, TrackView, UserId } from "../../protocol/mod.ts";
import type {
  CaptureOptions,
  MediaChannel,
  MediaRoomStats,
  PublishAnswer,
  PublishRequest,
  RecordingOptions,
  RecordingView,
  StreamCounters,
  SubscriptionAnswer,
  SubscriptionOffer,
  SubscriptionWish,
  ViewRequest,
} from "../port.ts";
import type { Candidate } from "../sfu/transport.ts";

/** Names one opened room between the two processes; a room that is opened again has another. */
export type RoomNumber = number;

/** How a media process is to work. */
export type StartOptions = {
  /** UDP; for every browser. */
  readonly port: number;
  /** The address to bind; left out: every one. */
  readonly bindAddress?: string | undefined;
  /** Where browsers reach it. */
  readonly candidates: readonly Candidate[];
  /** UDP; for browsers behind TURN over TCP or TLS, see `child/tie_breaker.ts`. Default none. */
  readonly relayedPort?: number | undefined;
  /** Where recordings are written. Default: there are none. */
  readonly recordingsFolder?: string | undefined;
};

/** All media of one process in numbers. */
export type ProcessStats = {
  readonly rooms: number;
  readonly connections: number;
  readonly publications: number;
  readonly subscriptions: number;
  readonly received: StreamCounters;
  readonly sent: StreamCounters;
};

/** A participant of a room. */
type Member = { readonly room: RoomNumber; readonly userId: UserId };
type Nothing = Record<never, never>;

/** What the server's process asks: by name, what is asked and what is answered. */
export type Requests = {
  /** The first of all; nothing else is answered before. */
  start: { ask: StartOptions; answer: Nothing };
  ping: { ask: Nothing; answer: Nothing };
  stats: { ask: Nothing; answer: ProcessStats };
  publish: { ask: Member & { readonly request: PublishRequest }; answer: PublishAnswer };
  answer: { ask: Member & { readonly answer: SubscriptionAnswer }; answer: Nothing };
  subscribe: { ask: Member & { readonly wish: SubscriptionWish }; answer: Nothing };
  view: { ask: Member & { readonly request: ViewRequest }; answer: { readonly sdp: string } };
  /** Of one participant, where it is named. */
  roomStats: {
    ask: { readonly room: RoomNumber; readonly of?: UserId | undefined };
    answer: MediaRoomStats;
  };
  startRecording: {
    ask: { readonly room: RoomNumber; readonly options: RecordingOptions };
    answer: RecordingView;
  };
  stopRecording: { ask: { readonly room: RoomNumber }; answer: RecordingView };
  /** Begins a stream of bytes; `read` fetches them, one piece at a time. */
  capture: {
    ask: Member & { readonly options: CaptureOptions };
    answer: { readonly stream: number };
  };
  /** The next piece of a stream, in base64; without one the stream has ended. */
  read: { ask: { readonly stream: number }; answer: { readonly bytes?: string } };
};

/** What the server's process says. */
export type Commands = {
  openRoom: { readonly room: RoomNumber; readonly roomId: RoomId };
  addParticipant: Member;
  removeParticipant: Member;
  restartSubscription: Member;
  closeRoom: { readonly room: RoomNumber };
  /** Nobody reads the stream any more. */
  cancel: { readonly stream: number };
};

/** What a media process says. */
export type Notices = {
  published: Member & { readonly track: TrackView };
  unpublished: Member & { readonly track: TrackView };
  subscriptionOffered: Member & { readonly offer: SubscriptionOffer };
  subscriptionUpdated: Member & { readonly update: Omit<SubscriptionOffer, "sdp"> };
  speakersChanged: { readonly room: RoomNumber; readonly speakers: readonly Speaker[] };
  layersWanted: Member & { readonly wanted: { trackId: string; maxHeight: number } };
  connectionLost: Member & { readonly channel: MediaChannel };
  recordingEnded: { readonly room: RoomNumber; readonly recording: RecordingView };
  /** For the server's log. */
  log: {
    readonly level: "debug" | "info" | "warn" | "error";
    readonly message: string;
    readonly fields: Record<string, unknown>;
  };
};

/** The name of a request. */
export type RequestName = keyof Requests;
/** A bag of names with their bodies. */
export type Bodies = Commands | Notices;
