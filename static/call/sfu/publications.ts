/** Who sends what to the server, as far as one participant can know (rule PB3). No timers, no wire. */
import type {
  ServerMessage,
  ServerMessageOf,
  TrackView,
  UserId,
} from "../../../src/protocol/mod.ts";
import { isPicture, slotOf } from "../slot_kinds.ts";
import type { PublishedTracks } from "../transport.ts";
import type { Picture } from "./wish_list.ts";

/** What the others send. */
export class Publications {
  readonly #selfId: UserId;
  readonly #tracks = new Map<UserId, readonly TrackView[]>();

  /** What is known already; default: nobody sends anything. */
  constructor(selfId: UserId, known: PublishedTracks = new Map()) {
    this.#selfId = selfId;
    for (const [userId, tracks] of known) this.#set(userId, tracks);
  }

  /** All of it, by who sends it. */
  get all(): PublishedTracks {
    return new Map(this.#tracks);
  }

  /** Whether nobody sends anything. */
  get isEmpty(): boolean {
    return [...this.#tracks.values()].every((tracks) => tracks.length === 0);
  }

  /** The pictures among it. */
  get pictures(): readonly Picture[] {
    return [...this.#tracks].flatMap(([userId, tracks]) =>
      tracks.flatMap(({ trackId, source }): Picture[] => {
        const slot = slotOf(source);
        return slot !== undefined && isPicture(slot) ? [{ trackId, userId, slot }] : [];
      })
    );
  }

  /** Forgets everybody else. */
  keep(userIds: readonly UserId[]): void {
    for (const userId of this.#tracks.keys()) {
      if (!userIds.includes(userId)) this.#tracks.delete(userId);
    }
  }

  /** Takes any message of the server, and picks its own; whether this was one. */
  receive(message: ServerMessage): boolean {
    switch (message.type) {
      case "joined":
      case "snapshot":
        this.#begin(message.participants);
        return true;
      case "resumed":
        if (message.snapshot !== undefined) this.#begin(message.snapshot.participants);
        return message.snapshot !== undefined;
      case "user-joined":
        this.#set(message.userId, message.participant.tracks ?? []);
        return true;
      case "user-left":
        return this.#tracks.delete(message.userId);
      case "track-published":
        this.#add(message.userId, message.track);
        return true;
      case "track-unpublished":
        this.#set(message.userId, this.#without(message.userId, message.trackId));
        return true;
      case "subscription-offer":
      case "subscription-updated":
        // Who came to this way of travelling later may have missed what was told before.
        for (const { userId, trackId, source } of message.tracks) {
          this.#add(userId, { trackId, source });
        }
        return true;
      default: // Not about tracks.
        return false;
    }
  }

  #begin(participants: ServerMessageOf<"joined">["participants"]): void {
    this.#tracks.clear();
    for (const { userId, tracks = [] } of participants) this.#set(userId, tracks);
  }

  #add(userId: UserId, track: TrackView): void {
    this.#set(userId, [...this.#without(userId, track.trackId), track]);
  }

  #set(userId: UserId, tracks: readonly TrackView[]): void {
    if (userId !== this.#selfId) this.#tracks.set(userId, tracks);
  }

  #without(userId: UserId, trackId: string): readonly TrackView[] {
    return (this.#tracks.get(userId) ?? []).filter((track) => track.trackId !== trackId);
  }
}
