/**
 * The media of one room, in memory: who publishes is offered to the others, and everything is told as
 * the real room tells it. What only packets or processes bring about is a method here, for tests:
 * `speak`, `lose`, `restart`.
 */
import { kindOfSource, type RoomId, type Speaker, type UserId } from "../../protocol/mod.ts";
import {
  type CaptureOptions,
  type MediaChannel,
  MediaError,
  type MediaRoom,
  type MediaRoomEvents,
  type MediaRoomStats,
  type PublishAnswer,
  type PublishRequest,
  type RecordingOptions,
  type RecordingView,
  type SubscriptionAnswer,
  type SubscriptionWish,
  type ViewRequest,
} from "../port.ts";
import { readFake, writeFake } from "./fake_description.ts";
import { NO_PACKETS } from "./fake_counters.ts";
import { FakeRecorder } from "./fake_recorder.ts";
import { type FakePublication, FakeSubscriber } from "./fake_subscriber.ts";

/** Speakers that are named at most (rule SP1). */
const MAX_SPEAKERS = 5;
/** What is wanted as tall as it comes. */
const ANY_HEIGHT = 16_384;

/** What a room is made with. */
export type FakeMediaRoomOptions = {
  readonly events: MediaRoomEvents;
  /** Called once. Default nothing. */
  readonly onClosed?: () => void;
  /** Default no: `startRecording` is refused. */
  readonly canRecord?: boolean;
};

type Published = FakePublication & { readonly mid: string };
type Member = {
  readonly subscriber: FakeSubscriber;
  publisher:
    | { readonly usernameFragment: string; readonly tracks: readonly Published[] }
    | undefined;
  isViewer: boolean;
  level: number;
};

/** The media of one room. */
export class FakeMediaRoom implements MediaRoom {
  readonly roomId: RoomId;
  readonly #options: FakeMediaRoomOptions;
  readonly #members = new Map<UserId, Member>();
  readonly #wanted = new Map<string, number>();
  readonly #recorder: FakeRecorder;
  #speakers: readonly Speaker[] = [];
  #lastTrack = 0;
  #isClosed = false;

  /** Nobody at first. */
  constructor(roomId: RoomId, options: FakeMediaRoomOptions) {
    this.roomId = roomId;
    this.#options = options;
    this.#recorder = new FakeRecorder(options.canRecord === true);
  }

  /** How many connections there are. */
  get connectionCount(): number {
    return [...this.#members.values()].reduce(
      (count, { publisher, subscriber, isViewer }) =>
        count + Number(publisher !== undefined) + Number(subscriber.isConnected || isViewer),
      0,
    );
  }

  /** See MediaRoom. */
  addParticipant(userId: UserId): void {
    if (this.#isClosed || this.#members.has(userId)) return;
    const { events } = this.#options;
    const subscriber = new FakeSubscriber({
      userId,
      offered: (offer) => events.subscriptionOffered(userId, offer),
      updated: (update) => events.subscriptionUpdated(userId, update),
    });
    this.#members.set(userId, { subscriber, publisher: undefined, isViewer: false, level: 0 });
    this.#followAll();
  }

  /** See MediaRoom. */
  removeParticipant(userId: UserId): void {
    const member = this.#members.get(userId);
    if (member === undefined) return;
    this.#members.delete(userId);
    this.#unpublish(member.publisher?.tracks ?? []);
    this.#followAll();
    this.#tellSpeakers();
  }

  /** See MediaRoom. */
  async publish(userId: UserId, request: PublishRequest): Promise<PublishAnswer> {
    const member = await this.#memberOf(userId);
    const { usernameFragment, lines } = readFake(request.sdp);
    const before = member.publisher?.tracks ?? [];
    const kept = member.publisher?.usernameFragment === usernameFragment ? before : [];
    const tracks = request.tracks.map(({ mid, source }) => {
      const line = lines.find((one) => one.mid === mid);
      if (line === undefined || !line.sends || line.kind !== kindOfSource(source)) {
        throw new MediaError("bad-description", `Cannot publish "${mid}" as ${source}`);
      }
      return kept.find((track) => track.mid === mid && track.source === source) ??
        { trackId: `${++this.#lastTrack}`, userId, mid, source };
    });
    if (new Set(tracks.map(({ mid }) => mid)).size < tracks.length) {
      throw new MediaError("bad-description", "Cannot publish an m-line twice");
    }
    member.publisher = { usernameFragment, tracks };
    this.#unpublish(before.filter((track) => !tracks.includes(track)));
    for (const track of tracks.filter((track) => !before.includes(track))) {
      this.#options.events.published(userId, viewOf(track));
    }
    this.#followAll();
    const answered = lines.map((line) => ({ ...line, sends: false }));
    return {
      sdp: writeFake({ usernameFragment: "server", lines: answered }),
      tracks: tracks.map(({ mid, trackId }) => ({ mid, trackId })),
    };
  }

  /** See MediaRoom. */
  async answer(userId: UserId, { connection, sdp }: SubscriptionAnswer): Promise<void> {
    (await this.#memberOf(userId)).subscriber.answer(connection, sdp);
  }

  /** See MediaRoom. */
  restartSubscription(userId: UserId): void {
    this.#members.get(userId)?.subscriber.restart();
  }

  /** See MediaRoom. */
  async subscribe(userId: UserId, wish: SubscriptionWish): Promise<void> {
    const { subscriber } = await this.#memberOf(userId);
    const isThere = this.#publicationsFor(userId).some(({ trackId }) => trackId === wish.trackId);
    if (!isThere) throw new MediaError("no-such-track", `Cannot subscribe to "${wish.trackId}"`);
    subscriber.wishes.set(wish.trackId, wish);
    this.#tellWanted();
  }

  /** See MediaRoom. */
  async view(userId: UserId, { sdp }: ViewRequest): Promise<{ readonly sdp: string }> {
    const member = await this.#memberOf(userId);
    const { lines } = readFake(sdp);
    member.isViewer = true;
    const answered = lines.map((line) => ({ ...line, sends: true }));
    return { sdp: writeFake({ usernameFragment: "server", lines: answered }) };
  }

  /** What `stats` says, at once. */
  state(of?: UserId): MediaRoomStats {
    const members = [...this.#members].filter(([userId]) => of === undefined || userId === of);
    return {
      publications: members.flatMap(([, { publisher }]) =>
        (publisher?.tracks ?? []).map((track) => ({
          ...viewOf(track),
          userId: track.userId,
          codec: kindOfSource(track.source) === "audio" ? "opus" : "VP8",
          layers: [],
        }))
      ),
      subscriptions: members.flatMap(([userId, { subscriber }]) =>
        (subscriber.isConnected ? subscriber.carried : []).map((
          { trackId, source, userId: from },
        ) => ({
          ...{ userId, from, trackId, source, rid: "", height: 0, bitrateKbps: 0, roundTripMs: 0 },
          ...NO_PACKETS,
          isPaused: subscriber.wishes.get(trackId)?.isPaused === true,
        }))
      ),
      estimates: members.map(([userId]) => ({ userId, bitrate: 0 })),
      ...(of === undefined && { recording: this.#recorder.current }),
    };
  }

  /** See MediaRoom. */
  stats(of?: UserId): Promise<MediaRoomStats> {
    return this.#isClosed ? Promise.reject(gone()) : Promise.resolve(this.state(of));
  }

  /** See MediaRoom. */
  startRecording(_options: RecordingOptions): Promise<RecordingView> {
    return this.#isClosed ? Promise.reject(gone()) : this.#recorder.start();
  }

  /** See MediaRoom. */
  stopRecording(): Promise<RecordingView> {
    return this.#recorder.stop();
  }

  /** See MediaRoom; the beginning of a pcap file, for somebody who is there, and no packet. */
  capture(userId: UserId, _options: CaptureOptions): ReadableStream<Uint8Array> {
    return new ReadableStream({
      start: (controller) => {
        if (this.#members.has(userId)) controller.enqueue(Uint8Array.fromHex("d4c3b2a1"));
      },
    });
  }

  /** See MediaRoom. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#members.clear();
    this.#options.onClosed?.();
  }

  /** `userId` is as loud as `level`, from 0 to 1, from now on. */
  speak(userId: UserId, level: number): void {
    const member = this.#members.get(userId);
    if (member === undefined) return;
    member.level = level;
    this.#tellSpeakers();
  }

  /** A connection breaks (rule SB5). */
  lose(userId: UserId, channel: MediaChannel): void {
    const member = this.#members.get(userId);
    if (member === undefined) return;
    const tracks = member.publisher?.tracks ?? [];
    if (channel === "publisher") {
      member.publisher = undefined;
      this.#unpublish(tracks);
    }
    this.#options.events.connectionLost(userId, channel);
    if (channel === "publisher") this.#followAll();
    else member.subscriber.restart();
  }

  /** The process behind the room dies, and another takes over. */
  restart(): void {
    const userIds = [...this.#members.keys()];
    this.#members.clear();
    this.#wanted.clear();
    this.#speakers = [];
    this.#options.events.restarted();
    for (const userId of userIds) this.addParticipant(userId);
  }

  #publicationsFor(userId: UserId): Published[] {
    return [...this.#members].flatMap(([other, { publisher }]) =>
      other === userId ? [] : publisher?.tracks ?? []
    );
  }

  #followAll(): void {
    for (const [userId, { subscriber }] of this.#members) {
      subscriber.follow(this.#publicationsFor(userId));
    }
    this.#tellWanted();
  }

  #unpublish(tracks: readonly Published[]): void {
    for (const track of tracks) {
      this.#wanted.delete(track.trackId);
      this.#options.events.unpublished(track.userId, viewOf(track));
    }
  }

  /** Rule PB6; a publisher sends everything until it is told otherwise. */
  #tellWanted(): void {
    for (const [userId, { publisher }] of this.#members) {
      for (const { trackId, source } of publisher?.tracks ?? []) {
        if (kindOfSource(source) === "audio") continue;
        const maxHeight = this.#heightWanted(userId, trackId);
        if (maxHeight === (this.#wanted.get(trackId) ?? ANY_HEIGHT)) continue;
        this.#wanted.set(trackId, maxHeight);
        this.#options.events.layersWanted(userId, { trackId, maxHeight });
      }
    }
  }

  #heightWanted(publisher: UserId, trackId: string): number {
    const heights = [...this.#members].filter(([userId]) => userId !== publisher)
      .map(([, { subscriber }]) => subscriber.wishes.get(trackId))
      .map((wish) => wish?.isPaused === true ? 0 : wish?.maxHeight ?? ANY_HEIGHT);
    return Math.max(0, ...heights);
  }

  #tellSpeakers(): void {
    const speakers = [...this.#members].filter(([, { level }]) => level > 0)
      .map(([userId, { level }]) => ({ userId, level }))
      .sort((one, other) => other.level - one.level).slice(0, MAX_SPEAKERS);
    const isSame = JSON.stringify(speakers) === JSON.stringify(this.#speakers);
    this.#speakers = speakers;
    if (!isSame) this.#options.events.speakersChanged(speakers);
  }

  // deno-lint-ignore require-await -- What it throws becomes the rejection of what asked.
  async #memberOf(userId: UserId): Promise<Member> {
    if (this.#isClosed) throw gone();
    const member = this.#members.get(userId);
    if (member !== undefined) return member;
    throw new MediaError("no-such-participant", `Cannot find "${userId}" in the room`);
  }
}

function viewOf({ trackId, source }: Published) {
  return { trackId, source };
}

function gone(): MediaError {
  return new MediaError("unavailable", "Cannot go on: the media of the room have ended");
}
