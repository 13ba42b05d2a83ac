/**
 * Six-digit codes that were handed out for rooms nobody has joined yet (rules CR1-CR4). The registry
 * owns one; a code leaves it when it becomes a room or when its time is over.
 */
import type { Clock, Random } from "../base/mod.ts";
import {
  parseRoomId,
  ROOM_CODE_RESERVATION_MS,
  type RoomId,
  type RoomKind,
} from "../protocol/mod.ts";

const DIGITS = 6;
/** Characters of a host key: 132 bits, unguessable. */
const HOST_KEY_LENGTH = 22;
/**
 * Draws before giving up. With at most a tenth of the codes in use (the registry's bound), this many
 * misses in a row mean a broken source of randomness.
 */
const MAX_DRAWS = 100;

/** What a code is asked for with, and what becomes of the room. */
export type ReservationOptions = {
  readonly kind: RoomKind;
  /** Whether who joins waits for a host from the first on. Default not. */
  readonly hasLobby?: boolean | undefined;
  /** What stands for the passcode. Default none. */
  readonly passcode?: object | undefined;
};

/** A code that is nobody's room yet. */
export type Reservation = ReservationOptions & {
  /** Makes the host of whoever joins with it (rule CR5). */
  readonly hostKey: string;
  readonly expiresAt: number;
};

/** The reserved codes. */
export class RoomCodes {
  readonly #clock: Clock;
  readonly #random: Random;
  /** In the order of their expiry, because each lasts equally long. */
  readonly #reserved = new Map<RoomId, Reservation>();

  /** No codes are reserved at first. */
  constructor(options: { clock: Clock; random: Random }) {
    this.#clock = options.clock;
    this.#random = options.random;
  }

  /** How many codes are reserved now. */
  get size(): number {
    this.#expire();
    return this.#reserved.size;
  }

  /** Draws a code for which `isTaken` is false and that is not reserved, and reserves it. */
  reserve(
    options: ReservationOptions,
    isTaken: (code: RoomId) => boolean,
  ): { roomId: RoomId; hostKey: string } {
    this.#expire();
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const code = parseRoomId(`${this.#random.below(10 ** DIGITS)}`.padStart(DIGITS, "0"))!;
      if (this.#reserved.has(code) || isTaken(code)) continue;
      const hostKey = this.#random.id(HOST_KEY_LENGTH);
      const expiresAt = this.#clock.now() + ROOM_CODE_RESERVATION_MS;
      this.#reserved.set(code, { ...options, hostKey, expiresAt });
      return { roomId: code, hostKey };
    }
    throw new RangeError(`Cannot draw a free room code: ${MAX_DRAWS} draws were all in use`);
  }

  /** What `roomId` is reserved for, if it is. */
  get(roomId: RoomId): Reservation | undefined {
    this.#expire();
    return this.#reserved.get(roomId);
  }

  /** Gives up the reservation: the code is a room now. */
  release(roomId: RoomId): void {
    this.#reserved.delete(roomId);
  }

  #expire(): void {
    const now = this.#clock.now();
    for (const [code, { expiresAt }] of this.#reserved) {
      if (expiresAt > now) return;
      this.#reserved.delete(code);
    }
  }
}
