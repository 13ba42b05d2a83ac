/**
 * The media of one room: who publishes, who receives what, who is heard. `child/` runs one a room and
 * carries its methods and events between the processes; nothing here knows of that.
 */
import { type Cancel, type Clock, type Logger, silentLogger } from "../../base/mod.ts";
import type { RoomId, UserId } from "../../protocol/mod.ts";
import { PacketCapture } from "../capture/packet_capture.ts";
import {
  type CaptureOptions,
  type MediaChannel,
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
import { createRecordingId } from "../record/recording_id.ts";
import { RoomRecorder } from "../record/room_recorder.ts";
import { parseDescription, remoteParametersOf } from "../sdp/description.ts";
import { answerPublisher } from "../sdp/publisher_answer.ts";
import { createIceParameters } from "./credentials.ts";
import type { Publication } from "./publication.ts";
import { Publisher } from "./publisher.ts";
import { RoomRecording } from "./room_recording.ts";
import { publicationStats, subscriptionStats } from "./room_stats.ts";
import { Speakers, type Voice } from "./speakers.ts";
import { Subscriber } from "./subscriber.ts";
import { Viewer } from "./viewer.ts";
import type { IceParameters, PacketTap, TransportFactory } from "./transport.ts";
import { tallestWanted } from "./wanted_layers.ts";

/** How often everything that is due is looked at: a request for a lost packet waits no longer. */
const TICK_MS = 25;
/** How often it is looked at who is heard (rule SP1). */
const SPEAKERS_MS = 500;
/** How often publishers are told what anybody looks at, if that changed (rule PB6). */
const WANTED_MS = 200;

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

/** One participant: what it sends and what it gets. */
type Member = {
  readonly userId: UserId;
  readonly voice: Voice;
  readonly captures: Set<PacketCapture>;
  receiver: Subscriber | Viewer;
  publisher:
    | { readonly connection: Publisher; readonly ice: IceParameters; version: number }
    | undefined;
};

/** The media of one room. */
export class SfuRoom {
  readonly #options: SfuRoomOptions;
  readonly #members = new Map<UserId, Member>();
  readonly #speakers = new Speakers();
  #recording: RoomRecording | undefined;
  #cancelTick: Cancel | undefined;
  #speakersAt = 0;
  #wantedAt = 0;
  #tracks = 0;
  #isClosed = false;

  /** Nobody at first. */
  constructor(options: SfuRoomOptions) {
    this.#options = options;
  }

  /** See MediaRoom. */
  addParticipant(userId: UserId): void {
    if (this.#isClosed || this.#members.has(userId)) return;
    const { clock } = this.#options;
    const member: Member = {
      userId,
      voice: this.#speakers.add(userId),
      captures: new Set(),
      receiver: this.#createSubscriber(userId),
      publisher: undefined,
    };
    this.#members.set(userId, member);
    this.#cancelTick ??= clock.every(TICK_MS, () => this.#tick(clock.elapsed()));
    member.receiver.follow(this.#publicationsFor(userId));
  }

  /** See MediaRoom. */
  removeParticipant(userId: UserId): void {
    const member = this.#members.get(userId);
    if (member === undefined) return;
    this.#members.delete(userId);
    this.#speakers.remove(userId);
    member.receiver.close();
    this.#unpublish(member, member.publisher?.connection.publications ?? []);
    member.publisher?.connection.close();
    for (const capture of member.captures) capture.close();
    this.#followAll();
    if (this.#members.size === 0) this.#stopTicking();
  }

  /** See MediaRoom. Throws MediaError, with nothing changed. */
  publish(userId: UserId, { sdp, tracks }: PublishRequest): PublishAnswer {
    const member = this.#memberOf(userId, "Cannot publish");
    const offer = parseDescription(sdp);
    const remote = remoteParametersOf(offer);
    const before = member.publisher;
    const isSame = before?.connection.remoteUsernameFragment === remote.usernameFragment;
    const publisher = isSame ? before! : this.#createPublisher(member, remote.usernameFragment);
    const { transports } = this.#options;
    const { fingerprint, candidates } = transports;
    const answer = answerPublisher({
      offer,
      local: { ice: publisher.ice, fingerprint, candidates },
      version: publisher.version + 1,
    });
    const change = publisher.connection.apply(answer.media, tracks);
    publisher.version++;
    if (!isSame) {
      this.#connect(member, publisher, { remote, hasData: answer.hasData });
      if (before !== undefined) {
        this.#unpublish(member, before.connection.publications);
        before.connection.close();
      }
      member.publisher = publisher;
      tap(member);
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
    member.receiver.close();
    member.receiver = viewer;
    tap(member);
    viewer.follow(this.#publicationsFor(userId));
    return { sdp: viewer.sdp };
  }

  /** See MediaRoom. */
  stats(): MediaRoomStats {
    const members = [...this.#members.values()];
    return {
      publications: members.flatMap((member) =>
        (member.publisher?.connection.publications ?? []).map((one) => publicationStats(one))
      ),
      subscriptions: members.flatMap(({ userId, receiver }) =>
        receiver.downlink.slots.flatMap((slot) => subscriptionStats(userId, slot))
      ),
      estimates: members.map(({ userId, receiver }) => ({
        userId,
        bitrate: receiver.downlink.bandwidth.estimate,
      })),
    };
  }

  /** See MediaRoom. */
  async startRecording(bounds: RecordingOptions): Promise<RecordingView> {
    const { recordingsFolder: folder, clock, roomId, log = silentLogger, events } = this.#options;
    const attempt = `Cannot record room "${roomId}"`;
    if (folder === undefined) {
      throw new MediaError("not-configured", `${attempt}: the server has no folder for recordings`);
    }
    if (this.#recording !== undefined) {
      throw new MediaError("already-recording", `${attempt}: it is recorded already`);
    }
    const recorder: RoomRecorder = new RoomRecorder({
      recordingId: createRecordingId(clock.now()),
      roomId,
      folder,
      bounds,
      clock,
      log,
      onEnded: (view) => {
        if (this.#endRecording(recorder)) events.recordingEnded(view);
      },
    });
    this.#recording = new RoomRecording(recorder, () => clock.elapsed());
    this.#recording.follow(this.#publications());
    return await recorder.ready();
  }

  /** See MediaRoom. */
  async stopRecording(): Promise<RecordingView> {
    const recorder = this.#recording?.recorder;
    if (recorder === undefined) {
      const { roomId } = this.#options;
      throw new MediaError("not-recording", `Cannot end the recording of room "${roomId}": none`);
    }
    this.#endRecording(recorder);
    return await recorder.stop("asked");
  }

  /** See MediaRoom. Throws MediaError. */
  capture(userId: UserId, options: CaptureOptions): ReadableStream<Uint8Array> {
    const member = this.#memberOf(userId, "Cannot capture");
    const capture: PacketCapture = new PacketCapture({
      ...options,
      clock: this.#options.clock,
      ended: () => {
        member.captures.delete(capture);
        tap(member);
      },
    });
    member.captures.add(capture);
    tap(member);
    return capture.stream;
  }

  /** See MediaRoom. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopTicking();
    const recorder = this.#recording?.recorder;
    if (recorder !== undefined && this.#endRecording(recorder)) void recorder.stop("room-ended");
    for (const { receiver, publisher, captures } of this.#members.values()) {
      receiver.close();
      publisher?.connection.close();
      for (const capture of captures) capture.close();
    }
    this.#members.clear();
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

  #createPublisher(member: Member, usernameFragment: string): NonNullable<Member["publisher"]> {
    const connection = new Publisher(usernameFragment, {
      userId: member.userId,
      createTrackId: () => `${++this.#tracks}`,
      heard: (level, isVoice, at) => this.#speakers.level(member.voice, level, isVoice, at),
      qualitiesChanged: () => this.#qualitiesChanged(),
    });
    return { connection, ice: createIceParameters(), version: 0 };
  }

  #connect(
    member: Member,
    { connection, ice }: NonNullable<Member["publisher"]>,
    { remote, hasData }: { remote: ReturnType<typeof remoteParametersOf>; hasData: boolean },
  ): void {
    const { transports, clock, events } = this.#options;
    connection.transport = transports.create({ local: ice, remote, hasData }, {
      opened() {},
      packet: (bytes) => connection.receive(bytes, clock.elapsed()),
      message() {},
      drained() {},
      closed: () => {
        if (member.publisher?.connection !== connection) return;
        member.publisher = undefined;
        this.#unpublish(member, connection.publications);
        connection.close();
        events.connectionLost(member.userId, "publisher");
        this.#followAll();
      },
    });
  }

  #unpublish({ userId }: Member, publications: readonly Publication[]): void {
    for (const publication of publications) {
      this.#options.events.unpublished(userId, publication.view);
    }
  }

  /** Takes the recording off the room; `false`: it is off already. */
  #endRecording(recorder: RoomRecorder): boolean {
    if (this.#recording?.recorder !== recorder) return false;
    this.#recording.close();
    this.#recording = undefined;
    return true;
  }

  #publications(): Publication[] {
    return [...this.#members.values()]
      .flatMap(({ publisher }) => publisher?.connection.publications ?? []);
  }

  /** What `userId` can have: everything but its own. */
  #publicationsFor(userId: UserId): Publication[] {
    return this.#publications().filter((publication) => publication.userId !== userId);
  }

  #followAll(): void {
    this.#recording?.follow(this.#publications());
    for (const { userId, receiver } of this.#members.values()) {
      receiver.follow(this.#publicationsFor(userId));
    }
  }

  #qualitiesChanged(): void {
    for (const { receiver } of this.#members.values()) receiver.downlink.changed();
  }

  #tick(at: number): void {
    for (const { receiver } of this.#members.values()) receiver.tick(at);
    this.#recording?.tick(at);
    // Last, so that key frames that somebody needs since this tick are asked for at once.
    for (const { publisher } of this.#members.values()) publisher?.connection.tick(at);
    if (at - this.#wantedAt >= WANTED_MS) {
      this.#wantedAt = at;
      this.#tellWantedLayers(at);
    }
    if (at - this.#speakersAt < SPEAKERS_MS) return;
    this.#speakersAt = at;
    this.#tellSpeakers(at);
  }

  #tellSpeakers(at: number): void {
    const speakers = this.#speakers.tick(at);
    if (speakers === undefined) return;
    this.#options.events.speakersChanged(speakers);
    this.#followAll(); // Who is heard comes before who is not.
  }

  /** Has publishers send what somebody looks at, and no more (rule PB6). */
  #tellWantedLayers(at: number): void {
    const members = [...this.#members.values()];
    for (const { userId, publisher } of members) {
      for (const publication of publisher?.connection.publications ?? []) {
        if (!publication.isVideo) continue;
        const wishes = members.flatMap(({ receiver }) =>
          receiver.downlink.wishesFor(publication, at)
        );
        wishes.push(...this.#recording?.wishesFor(publication) ?? []);
        const maxHeight = publication.wanted.update(tallestWanted(wishes), at);
        const { trackId } = publication;
        if (maxHeight !== undefined) {
          this.#options.events.layersWanted(userId, { trackId, maxHeight });
        }
      }
    }
  }

  #isSpeaking(userId: UserId): boolean {
    return this.#members.get(userId)?.voice.isSpeaking ?? false;
  }

  #stopTicking(): void {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
  }

  #memberOf(userId: UserId, attempt: string): Member {
    const member = this.#members.get(userId);
    if (member !== undefined) return member;
    throw new MediaError("no-such-participant", `${attempt}: "${userId}" is not in the room`);
  }
}

/** Lets those see the packets of a member who capture them; without any, nobody looks. */
function tap({ captures, publisher, receiver }: Member): void {
  const tapFor = (channel: MediaChannel): PacketTap | undefined =>
    captures.size === 0 ? undefined : (direction, bytes) => {
      for (const capture of captures) capture.packet(channel, direction, bytes);
    };
  if (publisher !== undefined) publisher.connection.tap = tapFor("publisher");
  receiver.downlink.tap = tapFor("subscriber");
}
