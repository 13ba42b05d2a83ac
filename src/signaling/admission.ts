/**
 * What a request has to show before a room is asked: that its sender is within the shared rates, and to
 * enter its token, that its code is no guess, and its passcode. The hub has one, and asks it ahead of
 * the dispatch; most requests need nothing and get their answer at once, a passcode takes a while.
 * Rules LI5-LI7, PC1-PC4, TH1-TH4, TK3-TK7.
 */
import {
  badToken,
  bindJoin,
  type Claims,
  type ClientOrigin,
  countedNetwork,
  GuessThrottle,
  networkOf,
  type PasscodeHash,
  PasscodeHasher,
  type TokenVerifier,
} from "../access/mod.ts";
import type { Clock } from "../base/mod.ts";
import {
  type ClientMessage,
  type ClientMessageOf,
  isRoomCode,
  MAX_PASSCODE_LENGTH,
  ProtocolError,
  type RoomId,
} from "../protocol/mod.ts";
import type { Entry, Room, RoomRegistry, Seat } from "../rooms/mod.ts";
import { RateLimits, type SharedRates } from "./rate_limits.ts";

/** What admission is made with, besides the rooms. */
export type AccessOptions = {
  /** Hashes the passcodes. Default the usual one; tests bring a cheaper. */
  readonly hasher?: PasscodeHasher | undefined;
  /** Checks access tokens. Default none: the server demands none. */
  readonly verifier?: TokenVerifier | undefined;
  /** What several connections may send together. */
  readonly rates: SharedRates;
};

type Join = ClientMessageOf<"join">;

/** Who asks. */
export type Applicant = {
  readonly entry: Entry;
  readonly network: string;
  readonly seat: Seat | undefined;
  readonly claims?: Claims | undefined;
};

/** A new code, and the key that makes its holder host. */
export type ReservedCode = ReturnType<RoomRegistry["reserveCode"]>;

/** A request that may be dispatched, and what was found out for it. */
export type Prepared<M extends ClientMessage = ClientMessage> = {
  readonly message: M;
  readonly entry: Entry;
  /** What its newest token says, if it has one. */
  readonly claims?: Claims | undefined;
};

/** The checks ahead of the rooms. */
export class Admission {
  readonly #registry: RoomRegistry;
  readonly #throttle: GuessThrottle;
  readonly #rates: RateLimits;
  readonly #hasher: PasscodeHasher;
  readonly #verifier: TokenVerifier | undefined;

  /** Guesses are counted from now on. */
  constructor(registry: RoomRegistry, options: AccessOptions & { clock: Clock }) {
    this.#registry = registry;
    this.#throttle = new GuessThrottle(options.clock);
    this.#rates = new RateLimits(options.clock, options.rates);
    this.#hasher = options.hasher ?? new PasscodeHasher();
    this.#verifier = options.verifier;
  }

  /** Checks `message`; a promise only where there is something to wait for. Throws ProtocolError. */
  prepare(applicant: Applicant, message: ClientMessage): Prepared | Promise<Prepared> {
    this.#count(applicant, message);
    const { entry, seat } = applicant;
    const verifier = this.#verifier;
    if (verifier !== undefined && message.type === "refresh-token") {
      return refresh(verifier, applicant, message);
    }
    if (message.type === "create-room" && message.passcode !== undefined) {
      return this.#withHash(message, entry, message.passcode);
    }
    // Who sits in a room already is refused for that, whatever it shows.
    if (message.type !== "join" || seat !== undefined) return { message, entry };
    return this.#prepareAnyJoin(applicant, message);
  }

  /** The same, of a join of one who sits nowhere. Rejects with ProtocolError. */
  async prepareJoin(
    applicant: Applicant,
    message: Join,
  ): Promise<Prepared<Join>> {
    this.#count(applicant, message);
    return await this.#prepareAnyJoin(applicant, message);
  }

  /** Whether a join would get as far as its room, without joining. Rejects with ProtocolError. */
  async checkJoin(message: Join, { address, claims }: ClientOrigin): Promise<void> {
    const applicant = { entry: {}, network: networkOf(address), claims, seat: undefined };
    const { message: { roomId, passcode } } = await this.prepareJoin(applicant, message);
    if (passcode === undefined && this.#registry.passcodeOf(roomId) !== undefined) {
      throw new ProtocolError("bad-passcode", `Cannot join room "${roomId}": it has a passcode`);
    }
  }

  /** The room of that id, for whoever asks over HTTP from `address`. Throws ProtocolError. */
  findRoom(roomId: RoomId, address: string | undefined): Room {
    const attempt = `Cannot show room "${roomId}"`;
    this.#countGuess(roomId, networkOf(address), attempt);
    const room = this.#registry.get(roomId);
    if (room !== undefined) return room;
    throw new ProtocolError("room-not-found", `${attempt}: no such room`);
  }

  /** Reserves a code, for whoever asks over HTTP from `address`. Rejects with ProtocolError. */
  async reserve(
    message: ClientMessageOf<"create-room">,
    address: string | undefined,
  ): Promise<ReservedCode> {
    const applicant = { entry: {}, network: networkOf(address), seat: undefined };
    const { entry: { passcode } } = await this.prepare(applicant, message);
    return this.#registry.reserveCode({ kind: message.kind, hasLobby: message.lobby, passcode });
  }

  #count({ network, claims, seat }: Applicant, message: ClientMessage): void {
    const sender = { network: countedNetwork(network), subject: claims?.userId, seat };
    this.#rates.take(sender, message);
  }

  #prepareAnyJoin(applicant: Applicant, message: Join): Prepared<Join> | Promise<Prepared<Join>> {
    return this.#verifier === undefined
      ? this.#prepareJoin(applicant, message)
      : this.#prepareWithToken(this.#verifier, applicant, message);
  }

  /** Takes a code that is nobody's for a guess (rules TH1, TH2). */
  #countGuess(roomId: RoomId, network: string, attempt: string): void {
    if (!isRoomCode(roomId)) return;
    this.#throttle.refuseBeyond(network, attempt);
    if (!this.#registry.isInUse(roomId)) this.#throttle.count(network, attempt);
  }

  /** The token of the join counts, or else that of the upgrade (rules TK3, TK4). */
  async #prepareWithToken(
    verifier: TokenVerifier,
    applicant: Applicant,
    message: Join,
  ): Promise<Prepared<Join>> {
    const { token } = message;
    const claims = token === undefined ? applicant.claims : await verifier.verify(token);
    if (claims === undefined) throw badToken("there is none");
    // The token vouches for the user id: a ban need not count the network (rule KI3).
    const origin = { ...applicant.entry.origin, network: undefined };
    const { mayHost, role } = claims;
    const entry = { origin, mayHost, mayBroadcast: role === "broadcaster" };
    const bound = bindJoin(message, claims);
    return { ...await this.#prepareJoin({ ...applicant, entry }, bound), claims };
  }

  #prepareJoin(
    applicant: Applicant,
    message: Join,
  ): Prepared<Join> | Promise<Prepared<Join>> {
    const attempt = `Cannot join room "${message.roomId}"`;
    this.#countGuess(message.roomId, applicant.network, attempt);
    return this.#withPasscode(applicant, message, attempt);
  }

  #withPasscode(
    { entry, network }: Applicant,
    message: Join,
    attempt: string,
  ): Prepared<Join> | Promise<Prepared<Join>> {
    const { roomId, passcode = "", role } = message;
    if (passcode === "" || this.#opensAnyway(entry, message)) return { message, entry };
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

  /** Who is host by key or token needs no passcode, and may show a wrong one (rules PC2, TK5). */
  #opensAnyway({ mayHost }: Entry, { roomId, hostKey }: Join): boolean {
    if (!this.#registry.isInUse(roomId)) return false;
    return mayHost === true || (hostKey !== undefined && this.#registry.isHostKey(roomId, hostKey));
  }

  async #withHash<M extends ClientMessage>(
    message: M,
    entry: Entry,
    passcode: string,
  ): Promise<Prepared<M>> {
    return { message, entry: { ...entry, passcode: await this.#hasher.hash(passcode) } };
  }
}

/** A newer token of the same holder for the same room (rule TK7). */
async function refresh(
  verifier: TokenVerifier,
  { entry, claims: before }: Applicant,
  message: ClientMessageOf<"refresh-token">,
): Promise<Prepared> {
  const claims = await verifier.verify(message.token);
  if (claims.userId !== before?.userId || claims.roomId !== before.roomId) {
    throw badToken("it is of another user id or room", "Cannot refresh-token");
  }
  return { message, entry, claims };
}
