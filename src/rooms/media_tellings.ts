/**
 * What the media of a room tell, as messages to its members: tracks that come and go, offers, who
 * speaks. It remembers what each was told of its own connections, for one that missed it. The media
 * of the room make one and hand it to the media plane.
 */
import type {
  MediaChannel,
  MediaRoomEvents,
  RecordingView,
  SubscriptionOffer,
} from "../media/port.ts";
import type {
  ServerMessage,
  ServerMessageOf,
  Speaker,
  TrackView,
  UserId,
} from "../protocol/mod.ts";
import type { Participant } from "./participant.ts";
import { RoomRecordings } from "./room_recordings.ts";
import type { RoomState } from "./room_state.ts";

/** Speakers that are named at most (rule SP1). */
const MAX_SPEAKERS = 5;

/** Has `message` said to `to`. */
export type Say = (to: readonly Participant[], message: ServerMessage) => void;

/** A member with media, and what it was told of its connections. */
type Listener = {
  readonly member: Participant;
  /** The offer that it has not answered. */
  offer: ServerMessageOf<"subscription-offer"> | undefined;
  /** What its subscriber connection carries. */
  carried: ServerMessageOf<"subscription-updated"> | undefined;
  /** What is wanted of its tracks, by their ids. */
  readonly wanted: Map<string, ServerMessageOf<"wanted-layers">>;
};

/** The events of one room's media; those of somebody who has left meanwhile concern nobody. */
export class MediaTellings implements MediaRoomEvents {
  /** What was recorded of the room. */
  readonly recordings = new RoomRecordings();
  readonly #state: RoomState;
  readonly #say: Say;
  readonly #onRestarted: () => void;
  readonly #listeners = new Map<UserId, Listener>();

  /** Nobody has media at first; `onRestarted` is called when all have lost theirs at once. */
  constructor(state: RoomState, say: Say, onRestarted: () => void = () => {}) {
    this.#state = state;
    this.#say = say;
    this.#onRestarted = onRestarted;
  }

  /** `member` has media from now on. Returns false where it had already. */
  add(member: Participant): boolean {
    if (this.#listeners.has(member.userId)) return false;
    const nothing = { offer: undefined, carried: undefined, wanted: new Map() };
    this.#listeners.set(member.userId, { member, ...nothing });
    return true;
  }

  /** Whether that member has media. */
  has(member: Participant): boolean {
    return this.#listeners.get(member.userId)?.member === member;
  }

  /** It has left. */
  delete({ userId }: Participant): void {
    this.#listeners.delete(userId);
  }

  /** See MediaRoomEvents: all tracks and connections are gone (rule SB5). */
  restarted(): void {
    this.recordings.lose();
    this.#loseAll();
    this.#onRestarted();
  }

  /** The same, and nobody has media any more (rule TO4). */
  end(): void {
    this.#loseAll();
    this.#listeners.clear();
  }

  /** What a member is told again that may have missed it (rule SB7). */
  again({ userId }: Participant): ServerMessage[] {
    const { offer, carried, wanted } = this.#listeners.get(userId) ?? { wanted: new Map() };
    return [offer, carried, ...wanted.values()].filter((message) => message !== undefined);
  }

  /** The offer that a member has not answered, if it is of that connection (rule SB1). */
  outstanding({ userId }: Participant, connection: number): object | undefined {
    const offer = this.#listeners.get(userId)?.offer;
    return offer?.connection === connection ? offer : undefined;
  }

  /** That offer is answered; another may have come meanwhile. */
  answered({ userId }: Participant, offer: object): void {
    const listener = this.#listeners.get(userId);
    if (listener?.offer === offer) listener.offer = undefined;
  }

  /** See MediaRoomEvents; rule PB3. */
  published(userId: UserId, track: TrackView): void {
    const { member } = this.#listeners.get(userId) ?? {};
    if (!member?.addTrack(track)) return;
    this.#say(this.#state.others(member), { type: "track-published", userId, track });
  }

  /** See MediaRoomEvents; rule PB3. */
  unpublished(userId: UserId, { trackId }: TrackView): void {
    const listener = this.#listeners.get(userId);
    if (!listener?.member.removeTrack(trackId)) return;
    listener.wanted.delete(trackId);
    const message = { type: "track-unpublished", userId, trackId } as const;
    this.#say(this.#state.others(listener.member), message);
  }

  /** See MediaRoomEvents; rule SB1. */
  subscriptionOffered(userId: UserId, { connection, sdp, tracks }: SubscriptionOffer): void {
    const listener = this.#listeners.get(userId);
    if (listener === undefined) return;
    const carries = { connection, tracks: [...tracks] };
    listener.carried = { type: "subscription-updated", ...carries };
    listener.offer = {
      type: "subscription-offer",
      ...carries,
      description: { type: "offer", sdp },
    };
    this.#say([listener.member], listener.offer);
  }

  /** See MediaRoomEvents; rule SB2. */
  subscriptionUpdated(userId: UserId, update: Omit<SubscriptionOffer, "sdp">): void {
    const listener = this.#listeners.get(userId);
    if (listener === undefined) return;
    const { connection, tracks } = update;
    listener.carried = { type: "subscription-updated", connection, tracks: [...tracks] };
    this.#say([listener.member], listener.carried);
  }

  /** See MediaRoomEvents; rule SP1. */
  speakersChanged(speakers: readonly Speaker[]): void {
    const present = speakers.filter(({ userId }) => this.#listeners.has(userId));
    const message = { type: "active-speakers", speakers: present.slice(0, MAX_SPEAKERS) } as const;
    this.#say(this.#state.all, message);
  }

  /** See MediaRoomEvents; rule PB6. */
  layersWanted(userId: UserId, wanted: { trackId: string; maxHeight: number }): void {
    const listener = this.#listeners.get(userId);
    if (!listener?.member.hasTrack(wanted.trackId)) return;
    const message = { type: "wanted-layers", ...wanted } as const;
    listener.wanted.set(wanted.trackId, message);
    this.#say([listener.member], message);
  }

  /** See MediaRoomEvents; rule SB5. */
  connectionLost(userId: UserId, channel: MediaChannel): void {
    const listener = this.#listeners.get(userId);
    if (listener === undefined) return;
    if (channel === "publisher") this.#unpublishAll(listener);
    this.#lose(listener, channel);
  }

  /** See MediaRoomEvents. Who asked for the recording looks it up; members are told nothing. */
  recordingEnded(recording: RecordingView): void {
    this.recordings.tell(recording);
  }

  #loseAll(): void {
    const listeners = [...this.#listeners.values()];
    for (const listener of listeners) this.#unpublishAll(listener);
    for (const listener of listeners) {
      this.#lose(listener, "publisher");
      this.#lose(listener, "subscriber");
    }
  }

  #unpublishAll({ member }: Listener): void {
    for (const track of member.view.tracks ?? []) this.unpublished(member.userId, track);
  }

  #lose(listener: Listener, channel: MediaChannel): void {
    if (channel === "subscriber") {
      listener.offer = undefined;
      listener.carried = undefined;
    }
    this.#say([listener.member], { type: "media-lost", channel });
  }
}
