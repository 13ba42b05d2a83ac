/**
 * All rooms of the server: the first join makes one, the last leave destroys it, and nothing of it
 * stays (rules JO1, LE5). Signaling calls it for whatever concerns more than one member's room; it
 * never calls back but for the statistics that fall due.
 */
import type { Clock, Random } from "../base/mod.ts";
import {
  type ClientMessageOf,
  type LeaveReason,
  parseUserId,
  ProtocolError,
  type RoomId,
  type RoomKind,
  type UserId,
} from "../protocol/mod.ts";
import type { Outbound, Outcome } from "./outbound.ts";
import type { Participant } from "./participant.ts";
import { Room } from "./room.ts";
import { RoomCodes } from "./room_codes.ts";
import { StatsSchedule } from "./stats_schedule.ts";

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
  /** Takes what falls due without a request. */
  readonly deliver: (outbound: readonly Outbound[]) => void;
};

/** A participant's place: its room, and itself in it. */
export type Seat = { readonly room: Room; readonly participant: Participant };

/** The rooms by id. */
export class RoomRegistry {
  readonly #options: RegistryOptions;
  readonly #rooms = new Map<RoomId, Room>();
  readonly #codes: RoomCodes;
  readonly #stats: StatsSchedule;
  #participants = 0;

  /** No rooms at first. */
  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#codes = new RoomCodes(options);
    this.#stats = new StatsSchedule(options);
  }

  /** How many rooms there are. */
  get size(): number {
    return this.#rooms.size;
  }

  /** How many participants there are in all rooms. */
  get participantCount(): number {
    return this.#participants;
  }

  /** The room, if it exists. */
  get(roomId: RoomId): Room | undefined {
    return this.#rooms.get(roomId);
  }

  /** Every room, oldest first. */
  rooms(): IterableIterator<Room> {
    return this.#rooms.values();
  }

  /** Enters a room, and makes it first where there is none (rules JO1-JO8). */
  join(message: ClientMessageOf<"join">): { seat: Seat; outcome: Outcome } {
    const { roomId } = message;
    const existing = this.#rooms.get(roomId);
    const room = existing ?? this.#make(message);
    const userId = message.userId ?? this.#makeUserId(room);
    const entrant = { ...message, userId };
    const { participant, outcome } = room.join(entrant, this.#options.clock.now());
    if (existing === undefined) {
      this.#rooms.set(roomId, room);
      this.#codes.release(roomId);
    }
    this.#participants++;
    return { seat: { room, participant }, outcome };
  }

  /** Leaves a room, and destroys it when that was the last member (rules LE2-LE5). */
  leave(seat: Seat, reason: LeaveReason): Outcome {
    const { room, participant } = seat;
    const outcome = room.leave(participant, reason);
    this.#participants--;
    if (room.size === 0) this.#destroy(room);
    return outcome;
  }

  /** Destroys a room and all its seats: who is in it gets `leaved` (rule LE6). */
  end(roomId: RoomId): { seats: Seat[]; outbound: Outbound[] } {
    const room = this.#rooms.get(roomId);
    if (room === undefined) {
      throw new ProtocolError("room-not-found", `Cannot end room "${roomId}": no such room`);
    }
    const participants = room.participants;
    this.#participants -= participants.length;
    this.#destroy(room);
    return {
      seats: participants.map((participant) => ({ room, participant })),
      outbound: participants.map((participant) => ({
        to: [participant],
        message: {
          type: "leaved",
          roomId,
          userId: participant.userId,
          reason: "room-ended",
        },
      })),
    };
  }

  /** Reserves a six-digit code that is no room's (rules CR1-CR4). */
  reserveCode(kind: RoomKind): RoomId {
    this.#refuseBeyondCapacity("Cannot create a room");
    return this.#codes.reserve(kind, (code) => this.#rooms.has(code));
  }

  /** Keeps what a participant measured until the next summary (rules SS1-SS3). */
  reportStats({ room, participant }: Seat, message: ClientMessageOf<"stats">): void {
    participant.report = { bitrateKbps: message.bitrateKbps, path: message.path };
    this.#stats.add(room);
  }

  /** Forgets every room and stops what runs by itself; nobody is told. Idempotent. */
  close(): void {
    this.#rooms.clear();
    this.#participants = 0;
    this.#stats.close();
  }

  #make({ roomId, role }: ClientMessageOf<"join">): Room {
    if (role === "viewer") {
      throw new ProtocolError(
        "room-not-found",
        `Cannot view room "${roomId}": no such room, and a viewer does not create one`,
      );
    }
    const reserved = this.#codes.kindOf(roomId);
    if (reserved === undefined) this.#refuseBeyondCapacity(`Cannot join room "${roomId}"`);
    return new Room({
      roomId,
      kind: reserved ?? (role === "broadcaster" ? "live" : "meeting"),
      createdAt: this.#options.clock.now(),
      maxParticipants: this.#options.maxParticipants,
    });
  }

  #makeUserId(room: Room): UserId {
    for (;;) {
      // The alphabet of Random.id is a part of that of user ids.
      const userId = parseUserId(`user-${this.#options.random.id(USER_ID_LENGTH)}`)!;
      if (!room.has(userId)) return userId;
    }
  }

  #destroy(room: Room): void {
    this.#rooms.delete(room.roomId);
    this.#stats.delete(room);
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
