/**
 * The media of one room: who publishes, who receives what, who is heard. `child/` runs one a room and
 * carries its methods and events between the processes; nothing here knows of that.
 */
import { type Clock, type Logger, silentLogger } from "../../base/mod.ts";
import type { RoomId, UserId } from "../../protocol/mod.ts";
import { DataRelay } from "../data/data_relay.ts";
import {
  type CaptureOptions,
  MediaError,
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
import { parseDescription, remoteParametersOf } from "../sdp/description.ts";
import { answerPublisher } from "../sdp/publisher_answer.ts";
import { createIceParameters } from "./credentials.ts";
import { Member, type Publishing } from "./member.ts";
import type { Publication } from "./publication.ts";
import { Publisher } from "./publisher.ts";
import { Recordings } from "./recordings.ts";
import { mediaStats } from "./room_stats.ts";
import { RoomTicks } from "./room_ticks.ts";
import { Speakers } from "./speakers.ts";
import { Subscriber } from "./subscriber.ts";
import { Viewer } from "./viewer.ts";
import type { TransportFactory } from "./transport.ts";
import { wantedChanges } from "./wanted_changes.ts";

/** One m-line with all its layers: 1080p in the best codecs needs no more. */
const MAX_VIDEO_KBPS = 5_000;

/** What a room is made with. */
export type SfuRoomOptions = {
  readonly roomId: RoomId;
  readonly events: MediaRoomEvents;
  readonly transports: TransportFactory;
  readonly clock: Clock;
  /** Pictures that are forwarded to one participant at most, screens beside them. */
  readonly lastN: number;
  /** The folder of recordings. Default none: there are no recordings. */
  readonly recordingsFolder?: string | undefined;
  /** Default nobody hears of anything. */
  readonly log?: Logger;
};

/** The media of one room. */
export class SfuRoom {
  readonly #options: SfuRoomOptions;
  readonly #members = new Map<UserId, Member>();
  readonly #speakers = new Speakers();
  readonly #recordings: Recordings;
  readonly #relay: DataRelay;
  readonly #ticks: RoomTicks;
  #tracks = 0;
  #isClosed = false;

  /** Nobody at first. */
  constructor(options: SfuRoomOptions) {
    this.#options = options;
    const { roomId, recordingsFolder: folder, clock, log = silentLogger, events } = options;
    const ended = (view: RecordingView) => events.recordingEnded(view);
    this.#relay = new DataRelay(clock);
    this.#ticks = new RoomTicks({
      clock,
      carry: (at) => this.#carry(at),
      tellWanted: (at) => this.#tellWantedLayers(at),
      tellSpeakers: (at) => this.#tellSpeakers(at),
    });
    this.#recordings = new Recordings({ roomId, folder, clock, log, ended });
  }

  /** See MediaRoom. */
  addParticipant(userId: UserId): void {
    if (this.#isClosed || this.#members.has(userId)) return;
    const member = new Member({
      userId,
      voice: this.#speakers.add(userId),
      receiver: this.#createSubscriber(userId),
    });
    this.#members.set(userId, member);
    this.#ticks.start();
    member.receiver.follow(this.#publicationsFor(userId));
  }

  /** See MediaRoom. */
  removeParticipant(userId: UserId): void {
    const member = this.#members.get(userId);
    if (member === undefined) return;
    this.#members.delete(userId);
    this.#speakers.remove(userId);
    this.#unpublish(member, member.publications);
    member.close();
    this.#followAll();
    if (this.#members.size === 0) this.#ticks.stop();
  }

  /** See MediaRoom. Throws MediaError, with nothing changed. */
  publish(userId: UserId, { sdp, tracks }: PublishRequest): PublishAnswer {
    const member = this.#memberOf(userId, "Cannot publish");
    const offer = parseDescription(sdp);
    const remote = remoteParametersOf(offer);
    const before = member.publishing;
    const isSame = before?.connection.remoteUsernameFragment === remote.usernameFragment;
    const publisher = isSame ? before! : this.#createPublisher(member, remote.usernameFragment);
    const { transports } = this.#options;
    const { fingerprint, candidates } = transports;
    const answer = answerPublisher({
      offer,
      local: { ice: publisher.ice, fingerprint, candidates },
      version: publisher.version + 1,
      maxVideoKbps: MAX_VIDEO_KBPS,
    });
    const change = publisher.connection.apply(answer.media, tracks);
    publisher.version++;
    if (!isSame) {
      this.#connect(member, publisher, { remote, hasData: answer.hasData });
      this.#unpublish(member, member.publications);
      member.publishing = publisher;
    }
    this.#unpublish(member, change.unpublished);
    for (const publication of change.published) {
      this.#options.events.published(userId, publication.view);
    }
    this.#followAll();
    return {
      sdp: answer.sdp,
      tracks: publisher.connection.publications.map(({ mid, trackId }) => ({ mid, trackId })),
    };
  }

  /** See MediaRoom. Throws MediaError, with nothing changed. */
  answer(userId: UserId, { connection, sdp }: SubscriptionAnswer): void {
    const attempt = "Cannot take an answer";
    const { receiver } = this.#memberOf(userId, attempt);
    if (receiver instanceof Subscriber) return receiver.answer(connection, sdp);
    throw new MediaError("bad-description", `${attempt}: nothing was offered`);
  }

  /** See MediaRoom. */
  restartSubscription(userId: UserId): void {
    const receiver = this.#members.get(userId)?.receiver;
    if (receiver instanceof Subscriber) receiver.restart();
  }

  /** See MediaRoom. Throws MediaError. */
  subscribe(userId: UserId, wish: SubscriptionWish): void {
    const member = this.#memberOf(userId, "Cannot subscribe");
    if (!this.#publicationsFor(userId).some(({ trackId }) => trackId === wish.trackId)) {
      throw new MediaError("no-such-track", `Cannot subscribe to "${wish.trackId}": no such track`);
    }
    member.receiver.wish(wish);
  }

  /** See MediaRoom. Throws MediaError, with nothing changed. */
  view(userId: UserId, { sdp, from }: ViewRequest): { sdp: string } {
    const member = this.#memberOf(userId, "Cannot view");
    const { transports, events, clock } = this.#options;
    const viewer: Viewer = new Viewer({
      transports,
      sdp,
      from,
      spokeAt: (other) => this.#speakers.rank(other),
      isSpeaking: (other) => this.#isSpeaking(other),
      lost: () => {
        if (member.receiver === viewer) events.connectionLost(userId, "subscriber");
      },
      elapsed: () => clock.elapsed(),
    });
    member.receiver = viewer;
    viewer.follow(this.#publicationsFor(userId));
    return { sdp: viewer.sdp };
  }

  /** See MediaRoom. */
  stats(of?: UserId): MediaRoomStats {
    const members = [...this.#members.values()];
    if (of !== undefined) return mediaStats(members.filter(({ userId }) => userId === of));
    return { ...mediaStats(members), recording: this.#recordings.current };
  }

  /** See MediaRoom. */
  startRecording(bounds: RecordingOptions): Promise<RecordingView> {
    return this.#recordings.start(bounds, this.#publications());
  }

  /** See MediaRoom. */
  stopRecording(): Promise<RecordingView> {
    return this.#recordings.stop("asked");
  }

  /** See MediaRoom. Throws MediaError. */
  capture(userId: UserId, options: CaptureOptions): ReadableStream<Uint8Array> {
    return this.#memberOf(userId, "Cannot capture").capture(options, this.#options.clock);
  }

  /** See MediaRoom. Resolves when what was recorded is on the disk; never rejects. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#ticks.stop();
    for (const member of this.#members.values()) member.close();
    this.#members.clear();
    this.#relay.close();
    return this.#recordings.close();
  }

  #createSubscriber(userId: UserId): Subscriber {
    const { transports, events, clock, lastN } = this.#options;
    return new Subscriber({
      userId,
      transports,
      lastN,
      spokeAt: (other) => this.#speakers.rank(other),
      isSpeaking: (other) => this.#isSpeaking(other),
      offered: (offer) => events.subscriptionOffered(userId, offer),
      updated: (update) => events.subscriptionUpdated(userId, update),
      lost: () => events.connectionLost(userId, "subscriber"),
      elapsed: () => clock.elapsed(),
    });
  }

  #createPublisher(member: Member, usernameFragment: string): Publishing {
    const connection = new Publisher(usernameFragment, {
      userId: member.userId,
      createTrackId: () => `${++this.#tracks}`,
      heard: (level, isVoice, at) => this.#speakers.level(member.voice, level, isVoice, at),
      qualitiesChanged: () => this.#qualitiesChanged(),
    });
    return { connection, ice: createIceParameters(), version: 0, data: undefined };
  }

  #connect(
    member: Member,
    publishing: Publishing,
    { remote, hasData }: { remote: ReturnType<typeof remoteParametersOf>; hasData: boolean },
  ): void {
    const { transports, clock, events } = this.#options;
    const { connection, ice } = publishing;
    const transport = transports.create({ local: ice, remote, hasData }, {
      opened() {},
      packet: (bytes) => connection.receive(bytes, clock.elapsed()),
      message: (bytes) => publishing.data?.receive(bytes),
      drained: () => publishing.data?.drained(),
      closed: () => {
        if (member.publishing?.connection !== connection) return;
        this.#unpublish(member, member.publications);
        member.publishing = undefined;
        events.connectionLost(member.userId, "publisher");
        this.#followAll();
      },
    });
    connection.transport = transport;
    if (hasData) publishing.data = this.#relay.attach(member.userId, transport);
  }

  #unpublish({ userId }: Member, publications: readonly Publication[]): void {
    for (const publication of publications) {
      this.#options.events.unpublished(userId, publication.view);
    }
  }

  #publications(): Publication[] {
    return [...this.#members.values()].flatMap(({ publications }) => publications);
  }

  /** What `userId` can have: everything but its own. */
  #publicationsFor(userId: UserId): Publication[] {
    return this.#publications().filter((publication) => publication.userId !== userId);
  }

  #followAll(): void {
    this.#recordings.follow(this.#publications());
    for (const { userId, receiver } of this.#members.values()) {
      receiver.follow(this.#publicationsFor(userId));
    }
  }

  #qualitiesChanged(): void {
    for (const { receiver } of this.#members.values()) receiver.downlink.changed();
  }

  #carry(at: number): void {
    for (const { receiver } of this.#members.values()) receiver.tick(at);
    this.#recordings.tick(at);
    // Last, so that key frames that somebody needs since this tick are asked for at once.
    for (const { publishing } of this.#members.values()) publishing?.connection.tick(at);
  }

  #tellSpeakers(at: number): void {
    const speakers = this.#speakers.tick(at);
    if (speakers === undefined) return;
    this.#options.events.speakersChanged(speakers);
    this.#followAll(); // Who is heard comes before who is not.
  }

  /** Has publishers send what somebody looks at, and no more (rule PB6). */
  #tellWantedLayers(at: number): void {
    const recorded = (publication: Publication) => this.#recordings.wishesFor(publication);
    for (const { userId, ...wanted } of wantedChanges([...this.#members.values()], recorded, at)) {
      this.#options.events.layersWanted(userId, wanted);
    }
  }

  #isSpeaking(userId: UserId): boolean {
    return this.#members.get(userId)?.voice.isSpeaking ?? false;
  }

  #memberOf(userId: UserId, attempt: string): Member {
    const member = this.#members.get(userId);
    if (member !== undefined) return member;
    throw new MediaError("no-such-participant", `${attempt}: "${userId}" is not in the room`);
  }
}
