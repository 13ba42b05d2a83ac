/**
 * What was truly published in a run, by all users of all rooms: whose each publication is, what its
 * server calls it and what was sent of it when. Senders write it; what arrives is held against it.
 */
import type { TrackSource } from "../../src/protocol/mod.ts";
import type { MediaClock } from "./media_clock.ts";

/** Whose a publication is, and how its stream counts. */
export type PublicationOptions = {
  readonly roomId: string;
  readonly userId: string;
  readonly source: TrackSource;
  /** What the server calls it. */
  readonly trackId: string;
  readonly clock: MediaClock;
};

/** One publication: a track from the moment it is published until it is not any more. */
export class Publication {
  /** Names it in the payloads. */
  readonly number: number;
  readonly roomId: string;
  readonly userId: string;
  readonly source: TrackSource;
  readonly trackId: string;
  readonly clock: MediaClock;
  /** When the server was asked to end it; undefined: it goes on. */
  endedAt: number | undefined;
  /** The first and the last packet that were sent; -1: none was. */
  firstOrdinal = -1;
  lastOrdinal = -1;
  readonly #sentAt: number[] = [];

  /** Nothing is sent yet. */
  constructor(number: number, { roomId, userId, source, trackId, clock }: PublicationOptions) {
    this.number = number;
    this.roomId = roomId;
    this.userId = userId;
    this.source = source;
    this.trackId = trackId;
    this.clock = clock;
  }

  /** Whether it is a picture. */
  get isVideo(): boolean {
    return this.source === "camera" || this.source === "screen";
  }

  /** As people read it: `camera of user-3`. */
  get words(): string {
    return `${this.source} of ${this.userId}`;
  }

  /** A packet was sent at `at`, the next one after the last. */
  sent(ordinal: number, at: number): void {
    if (this.firstOrdinal < 0) this.firstOrdinal = ordinal;
    this.lastOrdinal = ordinal;
    this.#sentAt.push(at);
  }

  /** When a packet was sent; Infinity: it was not. */
  sentAt(ordinal: number): number {
    return this.#sentAt[ordinal - this.firstOrdinal] ?? Infinity;
  }

  /** The last packet that was sent by `at`; -1: none was. */
  lastSentBy(at: number): number {
    const times = this.#sentAt;
    let from = 0;
    let to = times.length;
    while (from < to) {
      const middle = from + to >> 1;
      if (times[middle]! <= at) from = middle + 1;
      else to = middle;
    }
    return from === 0 ? -1 : this.firstOrdinal + from - 1;
  }
}

/** All publications of a run. */
export class Publications {
  readonly #all: Publication[] = [];
  /** By room, and there by track. */
  readonly #named = new Map<string, Map<string, Publication>>();

  /** A publication from now on. */
  add(options: PublicationOptions): Publication {
    const { roomId, trackId } = options;
    const publication = new Publication(this.#all.length, options);
    this.#all.push(publication);
    const ofRoom = this.#named.get(roomId) ?? new Map<string, Publication>();
    this.#named.set(roomId, ofRoom.set(trackId, publication));
    return publication;
  }

  /** The publication that a payload names. */
  of(number: number): Publication | undefined {
    return this.#all[number];
  }

  /** The publication that a server calls `trackId` in a room. */
  named(roomId: string, trackId: string): Publication | undefined {
    return this.#named.get(roomId)?.get(trackId);
  }

  /** All of them, in the order in which they began. */
  get all(): readonly Publication[] {
    return this.#all;
  }
}
