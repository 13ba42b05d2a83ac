/**
 * All rooms of the server: the first join makes one, the last leave destroys it, and nothing of it
 * stays (rules JO1, LE5). Signaling calls it for whatever concerns more than one member's room; it
 * never calls back but for what falls due without a request: statistics, and what media tell.
 */
import type { Clock, Random } from "../base/mod.ts";
import {
  type ClientMessageOf,
  type LeaveReason,
  parseUserId,
  ProtocolError,
  type RoomId,
  type UserId,
} from "../protocol/mod.ts";
import type { MediaPlane } from "../media/port.ts";
import type { Outbound, Outcome } from "./outbound.ts";
import type { Participant } from "./participant.ts";
import type { Origin } from "./origin.ts";
import { Room } from "./room.ts";
import { type ReservationOptions, RoomCodes } from "./room_codes.ts";
import type { RelayOptions } from "./relay_source.ts";
import type { MediaOptions } from "./room_media.ts";
import { StatsSchedule } from "./stats_schedule.ts";
import type { TopologyMode } from "./topology.ts";

/** Length of a user id that the server makes: 48 bits, so that a room never sees one twice. */
const USER_ID_LENGTH = 8;

/** What a registry is made with. */
export type RegistryOptions = {
  readonly clock: Clock;
  readonly random: Random;
  /** Rooms and reserved codes together. */
  readonly maxRooms: number;
  /** Participants of one room. */
  readonly maxParticipants: number;
  /** Carries media through the server. Default nothing does: they go from each to each. */
  readonly media?: MediaPlane | undefined;
  /** When it does (rule TO1). Default `auto`. */
  readonly topology?: TopologyMode | undefined;
  /** Longest frame over the socket, header included (rule FR6). */
  readonly maxFrameBytes: number;
  /** Takes what falls due without a request. */
  readonly deliver: (outbound: readonly Outbound[]) => void;
};

/** A participant's place: its room, and itself in it. */
export type Seat = { readonly room: Room; readonly participant: Participant };

/** What is known of who joins, besides its message. */
export type Entry = {
  readonly origin?: Origin | undefined;
  /** As in {@linkcode Entrant}. */
  readonly mayHost?: boolean | undefined;
  /** As in {@linkcode Entrant}. */
  readonly mayBroadcast?: boolean | undefined;
  /** What stands for the passcode it has proven, or that a room it creates is to have. */
  readonly passcode?: object | undefined;
  /** As in {@linkcode Entrant}. */
  readonly isSocketless?: boolean | undefined;
};

/** What the end of a room means: who loses its seat, and what is to be said. */
export type Ending = Required<Omit<Outcome, "reply">>;

/** The rooms by id. */
export class RoomRegistry {
  readonly #options: RegistryOptions;
  /** Those without a member too, where somebody waits for a host. */
  readonly #rooms = new Map<RoomId, Room>();
  readonly #codes: RoomCodes;
  readonly #stats: StatsSchedule;
  readonly #media: MediaOptions | undefined;
  readonly #relay: RelayOptions;

  /** No rooms at first. */
  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#codes = new RoomCodes(options);
    this.#stats = new StatsSchedule(options);
    const { media: plane, topology = "auto" } = options;
    this.#relay = options;
    this.#media = plane && { ...options, plane, topology };
  }

  /** How many rooms there are. */
  get size(): number {
    return this.#rooms.size;
  }

  /** How many six-digit codes are reserved for rooms that nobody has joined yet. */
  get reservedCount(): number {
    return this.#codes.size;
  }

  /** How many participants there are in all rooms. */
  get participantCount(): number {
    let count = 0;
    for (const room of this.#rooms.values()) count += room.size;
    return count;
  }

  /** How many get frames over the socket in all rooms, and how many watch pictures. */
  get relayCounts(): { readonly viewers: number; readonly watchers: number } {
    let viewers = 0;
    let watchers = 0;
    for (const { frameRelay: { counts } } of this.#rooms.values()) {
      viewers += counts.viewers;
      watchers += counts.watchers;
    }
    return { viewers, watchers };
  }

  /** The room, if it exists and has a member. */
  get(roomId: RoomId): Room | undefined {
    const room = this.#rooms.get(roomId);
    return room !== undefined && room.size > 0 ? room : undefined;
  }

  /** Whether the id is that of a room, of one that waits for its host, or of a reserved code. */
  isInUse(roomId: RoomId): boolean {
    return this.#rooms.has(roomId) || this.#codes.get(roomId) !== undefined;
  }

  /** What stands for the passcode of that room or reserved code, if there is one. */
  passcodeOf(roomId: RoomId): object | undefined {
    return (this.#rooms.get(roomId) ?? this.#codes.get(roomId))?.passcode;
  }

  /** Whether `hostKey` is that of the room or of the reserved code (rule CR5). */
  isHostKey(roomId: RoomId, hostKey: string): boolean {
    const room = this.#rooms.get(roomId);
    if (room !== undefined) return room.isHostKey(hostKey);
    return this.#codes.get(roomId)?.hostKey === hostKey;
  }

  /** Every room that has a member, oldest first. */
  rooms(): Room[] {
    return [...this.#rooms.values()].filter((room) => room.size > 0);
  }

  /** Enters a room, and makes it first where there is none (rules JO1-JO8, LB2). */
  join(
    message: ClientMessageOf<"join">,
    entry: Entry = {},
  ): { seat: Seat; outcome: Outcome } {
    const { roomId, name, role, sfu: canSfu, relay: canRelay } = message;
    const existing = this.#rooms.get(roomId);
    if (role === "viewer" && (existing === undefined || existing.size === 0)) {
      throw new ProtocolError(
        "room-not-found",
        `Cannot view room "${roomId}": no such room, and a viewer does not create one`,
      );
    }
    const room = existing ?? this.#make(message, entry);
    const mayHost = isKeyHolder(room, message) ? true : entry.mayHost;
    const userId = message.userId ?? this.#makeUserId(room);
    const entrant = { ...entry, userId, name, role, mayHost, canSfu, canRelay };
    const { participant, outcome } = room.join(entrant, this.#options.clock.now());
    this.#rooms.set(roomId, room);
    // Until a member opens the room the code keeps what it was reserved with (rule LB8).
    if (room.size > 0) this.#codes.release(roomId);
    return { seat: { room, participant }, outcome };
  }

  /** Leaves a room, and destroys it when that was the last member (rules LE2-LE5). */
  leave(seat: Seat, reason: LeaveReason): Outcome {
    const { room, participant } = seat;
    return this.#withEnd(room, room.leave(participant, reason));
  }

  /** Sends one away for the administrator, and destroys a room that is left empty (rule KI5). */
  kick(roomId: RoomId, userId: UserId): Outcome {
    const room = this.#rooms.get(roomId);
    if (room === undefined) {
      throw new ProtocolError("room-not-found", `Cannot kick "${userId}": no room "${roomId}"`);
    }
    return this.#withEnd(room, room.moderation.kickByAdministrator(userId));
  }

  /** Destroys a room and all its seats: who is in it, or waits, gets `leaved` (rules LE6, EN1). */
  end(roomId: RoomId): Ending {
    const room = this.#rooms.get(roomId);
    if (room === undefined) {
      throw new ProtocolError("room-not-found", `Cannot end room "${roomId}": no such room`);
    }
    this.#destroy(room);
    const events = room.endedEvents;
    return { ...endingOf(room, [...room.participants, ...room.waiting]), events };
  }

  /** Reserves a six-digit code that is no room's (rules CR1-CR5). */
  reserveCode(options: ReservationOptions): { roomId: RoomId; hostKey: string } {
    this.#refuseBeyondCapacity("Cannot create a room");
    return this.#codes.reserve(options, (code) => this.#rooms.has(code));
  }

  /** Keeps what a participant measured until the next summary (rules SS1-SS3). */
  reportStats({ room, participant }: Seat, message: ClientMessageOf<"stats">): Outbound[] {
    this.#stats.add(room);
    return room.reportStats(participant, message);
  }

  /** Forgets every room and stops what runs by itself; nobody is told. Idempotent. */
  close(): void {
    for (const room of this.#rooms.values()) closeMedia(room);
    this.#rooms.clear();
    this.#stats.close();
  }

  #make({ roomId, role }: ClientMessageOf<"join">, entry: Entry): Room {
    const { clock, maxParticipants } = this.#options;
    const reserved = this.#codes.get(roomId);
    if (reserved === undefined) this.#refuseBeyondCapacity(`Cannot join room "${roomId}"`);
    return new Room({
      roomId,
      kind: reserved?.kind ?? (role === "broadcaster" ? "live" : "meeting"),
      createdAt: clock.now(),
      maxParticipants,
      hasLobby: reserved?.hasLobby ?? false,
      hostKey: reserved?.hostKey,
      passcode: reserved === undefined ? entry.passcode : reserved.passcode,
      media: this.#media,
      relay: this.#relay,
    });
  }

  #makeUserId(room: Room): UserId {
    for (;;) {
      // The alphabet of Random.id is a part of that of user ids.
      const userId = parseUserId(`user-${this.#options.random.id(USER_ID_LENGTH)}`)!;
      if (!room.has(userId)) return userId;
    }
  }

  /** Somebody has gone: where nobody is left, the room ends for those who wait too (rule LB7). */
  #withEnd(room: Room, outcome: Outcome): Outcome {
    if (!room.isOver) return outcome;
    this.#destroy(room);
    const { outbound, unseated } = endingOf(room, room.waiting);
    return {
      ...outcome,
      outbound: [...outcome.outbound, ...outbound],
      unseated: [...outcome.unseated ?? [], ...unseated],
    };
  }

  #destroy(room: Room): void {
    this.#rooms.delete(room.roomId);
    this.#stats.delete(room);
    closeMedia(room);
  }

  #refuseBeyondCapacity(attempt: string): void {
    const { maxRooms } = this.#options;
    const used = this.#rooms.size + this.#codes.size;
    if (used < maxRooms) return;
    throw new ProtocolError(
      "too-many-rooms",
      `${attempt}: the server holds ${used} of ${maxRooms}`,
    );
  }
}

function closeMedia({ media, frameRelay }: Room): void {
  media.close();
  frameRelay.close();
}

/** What the end of a room means for those whose stay it ends. */
function endingOf(
  { roomId }: Room,
  unseated: readonly Participant[],
): Omit<Ending, "events"> {
  const outbound = unseated.map((one): Outbound => ({
    to: [one],
    message: { type: "leaved", roomId, userId: one.userId, reason: "room-ended" },
  }));
  return { unseated, outbound };
}

/** Whether a join shows the room's host key; a wrong one is refused, for it promises too much. */
function isKeyHolder(room: Room, { roomId, hostKey }: ClientMessageOf<"join">): boolean {
  if (hostKey === undefined) return false;
  if (room.isHostKey(hostKey)) return true;
  throw new ProtocolError(
    "not-allowed",
    `Cannot join room "${roomId}": the host key is not its own`,
  );
}
