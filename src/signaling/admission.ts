/**
 * What a request to enter has to show before a room is asked: that its code is no guess, and its
 * passcode. The hub has one, and asks it ahead of the dispatch; most requests need nothing and get
 * their answer at once, a passcode takes a while. Rules PC1-PC4, TH1-TH4.
 */
import { type GuessThrottle, networkOf, type PasscodeHash, PasscodeHasher } from "../access/mod.ts";
import {
  type ClientMessage,
  type ClientMessageOf,
  isRoomCode,
  MAX_PASSCODE_LENGTH,
  ProtocolError,
  type RoomId,
} from "../protocol/mod.ts";
import type { Entry, Room, RoomRegistry } from "../rooms/mod.ts";

/** Who asks. */
export type Applicant = {
  readonly entry: Entry;
  readonly network: string;
  readonly seat: object | undefined;
};

/** A new code, and the key that makes its holder host. */
export type ReservedCode = ReturnType<RoomRegistry["reserveCode"]>;

const NOBODY: Applicant = { entry: {}, network: networkOf(undefined), seat: undefined };

/** A request that may be dispatched, and what was found out for it. */
export type Prepared = { readonly message: ClientMessage; readonly entry: Entry };

/** The checks ahead of the rooms. */
export class Admission {
  readonly #registry: RoomRegistry;
  readonly #throttle: GuessThrottle;
  readonly #hasher: PasscodeHasher;

  /** `hasher` is the usual one unless a test brings a cheaper. */
  constructor(options: {
    registry: RoomRegistry;
    throttle: GuessThrottle;
    hasher?: PasscodeHasher | undefined;
  }) {
    this.#registry = options.registry;
    this.#throttle = options.throttle;
    this.#hasher = options.hasher ?? new PasscodeHasher();
  }

  /** Checks `message`; a promise only where there is something to wait for. Throws ProtocolError. */
  prepare(applicant: Applicant, message: ClientMessage): Prepared | Promise<Prepared> {
    const { entry } = applicant;
    if (message.type === "create-room" && message.passcode !== undefined) {
      return this.#withHash(message, entry, message.passcode);
    }
    // Who sits in a room already is refused for that, whatever it shows.
    if (message.type !== "join" || applicant.seat !== undefined) return { message, entry };
    const attempt = `Cannot join room "${message.roomId}"`;
    this.#countGuess(message.roomId, applicant.network, attempt);
    return this.#withPasscode(applicant, message, attempt);
  }

  /** The room of that id, for whoever asks over HTTP from `address`. Throws ProtocolError. */
  findRoom(roomId: RoomId, address: string | undefined): Room {
    const attempt = `Cannot show room "${roomId}"`;
    this.#countGuess(roomId, networkOf(address), attempt);
    const room = this.#registry.get(roomId);
    if (room !== undefined) return room;
    throw new ProtocolError("room-not-found", `${attempt}: no such room`);
  }

  /** Reserves a code, for whoever asks over HTTP. Rejects with ProtocolError. */
  async reserve(message: ClientMessageOf<"create-room">): Promise<ReservedCode> {
    const { entry: { passcode } } = await this.prepare(NOBODY, message);
    return this.#registry.reserveCode({ kind: message.kind, hasLobby: message.lobby, passcode });
  }

  /** Takes a code that is nobody's for a guess (rules TH1, TH2). */
  #countGuess(roomId: RoomId, network: string, attempt: string): void {
    if (!isRoomCode(roomId)) return;
    this.#throttle.refuseBeyond(network, attempt);
    if (!this.#registry.isInUse(roomId)) this.#throttle.count(network, attempt);
  }

  #withPasscode(
    { entry, network }: Applicant,
    message: ClientMessageOf<"join">,
    attempt: string,
  ): Prepared | Promise<Prepared> {
    const { roomId, passcode = "", role } = message;
    if (passcode === "") return { message, entry };
    if ([...passcode].length > MAX_PASSCODE_LENGTH) {
      throw new ProtocolError("bad-passcode", `${attempt}: the passcode is too long`);
    }
    if (!this.#registry.isInUse(roomId)) {
      return role === "viewer" ? { message, entry } : this.#withHash(message, entry, passcode);
    }
    // The registry keeps what this folder gave it, and looks at nothing but its identity.
    const known = this.#registry.passcodeOf(roomId) as PasscodeHash | undefined;
    if (known === undefined) return { message, entry };
    // Counted before it is known to be wrong: attempts side by side must not share one token.
    this.#throttle.count(network, attempt);
    return this.#hasher.matches(passcode, known).then((isRight) => {
      if (!isRight) throw new ProtocolError("bad-passcode", `${attempt}: the passcode is wrong`);
      this.#throttle.takeBack(network);
      return { message, entry: { ...entry, passcode: known } };
    });
  }

  async #withHash(message: ClientMessage, entry: Entry, passcode: string): Promise<Prepared> {
    return { message, entry: { ...entry, passcode: await this.#hasher.hash(passcode) } };
  }
}
