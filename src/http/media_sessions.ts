/**
 * The sessions of WHIP and WHEP (RFC 9725): each is a resource of HTTP, a seat in a room, and one
 * connection for media. It begins with both or with nothing, and is gone with either.
 */
import { type Claims, Expiry, TokenBucket } from "../access/mod.ts";
import type { Clock, Logger, Random } from "../base/mod.ts";
import type { ClientMessageOf, LeaveReason, RoomId, UserId } from "../protocol/mod.ts";
import type { Hub, SocketlessSeat } from "../signaling/mod.ts";
import type { AddressGate } from "./address_gate.ts";
import { addressKey } from "./client_address.ts";
import { HttpError } from "./problem.ts";
import type { IceCredentials } from "./session_offer.ts";

/** Characters of a session id: 132 bits; whoever knows it may end the session. */
const SESSION_ID_LENGTH = 22;
const ETAG_LENGTH = 12;
/** A client tells all its candidates at once, or each as it finds it. */
const PATCH_RATE = { perSecond: 5, burst: 50 };

/** In: it publishes. Out: it watches. */
export type SessionKind = "whip" | "whep";

/** A session to be opened. */
export type SessionOpening = {
  readonly kind: SessionKind;
  readonly join: ClientMessageOf<"join">;
  /** What its access token says, where one was demanded; they bind the join (rule TK3). */
  readonly claims: Claims | undefined;
  /** The client's IP address, where it is known. */
  readonly address: string | undefined;
  readonly ice: IceCredentials;
  /** Agrees on the media, in the room; resolves to the answer. */
  readonly connect: (seat: SocketlessSeat) => Promise<string>;
};

/** A session that is open. */
export type MediaSession = {
  readonly id: string;
  readonly kind: SessionKind;
  readonly roomId: RoomId;
  readonly userId: UserId;
  /** Names its ICE session, in quotes. */
  readonly etag: string;
  /** Those of the offer. */
  readonly ice: IceCredentials;
  /** What its client may say about ICE. */
  readonly patches: TokenBucket;
  /** Leaves the room; what it sent or received ends. Idempotent. */
  readonly end: () => void;
};

/** What the sessions depend on. */
export type MediaSessionsOptions = {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly addresses: AddressGate;
  /** At once. */
  readonly maxSessions: number;
};

/** All of them. */
export class MediaSessions {
  readonly #options: MediaSessionsOptions;
  readonly #sessions = new Map<string, MediaSession>();
  #opening = 0;

  /** None at first. */
  constructor(options: MediaSessionsOptions) {
    this.#options = options;
  }

  /** How many of a kind are open. */
  count(kind: SessionKind): number {
    let count = 0;
    for (const session of this.#sessions.values()) if (session.kind === kind) count++;
    return count;
  }

  /** Why none can be opened, if so; as for sockets. */
  get refusal(): "server-shutting-down" | "too-many-connections" | undefined {
    const isFull = this.#sessions.size + this.#opening >= this.#options.maxSessions;
    return this.#options.hub.refusal ?? (isFull ? "too-many-connections" : undefined);
  }

  /** The session of that name. Throws HttpError 404. */
  find(kind: SessionKind, roomId: string, id: string): MediaSession {
    const session = this.#sessions.get(id);
    if (session?.kind === kind && session.roomId === roomId) return session;
    throw new HttpError(404, { code: "no-such-session", message: "Cannot find the session" });
  }

  /** Enters the room and agrees on the media. Rejects, and nothing has changed then. */
  async open(opening: SessionOpening): Promise<{ session: MediaSession; answer: string }> {
    const { addresses } = this.#options;
    const leaveAddress = addresses.enter(opening.address && addressKey(opening.address));
    this.#opening++;
    try {
      return await this.#enter(opening, leaveAddress);
    } catch (error) {
      leaveAddress();
      throw error;
    } finally {
      this.#opening--;
    }
  }

  async #enter(
    opening: SessionOpening,
    leaveAddress: () => void,
  ): Promise<{ session: MediaSession; answer: string }> {
    const { hub, log } = this.#options;
    const { kind, join, claims, address, connect } = opening;
    let endedBy: LeaveReason | undefined;
    let close: ((reason: LeaveReason) => void) | undefined;
    const seat = await hub.enterWithoutSocket(join, {
      client: { address, claims },
      ended: (reason) => {
        endedBy = reason;
        close?.(reason);
      },
    });
    try {
      const answer = await connect(seat);
      refuseEnded(endedBy);
      const session = this.#keep(seat, opening, () => close?.("left"));
      const expiry = this.#watch(session, claims);
      close = (reason) => {
        close = undefined;
        expiry.close();
        this.#sessions.delete(session.id);
        leaveAddress();
        seat.leave();
        const { roomId, userId } = session;
        log.info("media session ended", { kind, roomId, userId, reason });
      };
      log.info("media session opened", { kind, roomId: seat.roomId, userId: seat.userId });
      return { session, answer };
    } catch (error) {
      seat.leave();
      throw error;
    }
  }

  #keep(seat: SocketlessSeat, { kind, ice }: SessionOpening, end: () => void): MediaSession {
    const { clock, random } = this.#options;
    const { roomId, userId } = seat;
    const id = random.id(SESSION_ID_LENGTH);
    const etag = `"${random.id(ETAG_LENGTH)}"`;
    const patches = new TokenBucket(clock, PATCH_RATE);
    const session = { id, kind, roomId, userId, etag, ice, patches, end };
    this.#sessions.set(id, session);
    return session;
  }

  /** It ends with its access token, for it has no way to show another (rule TK6). */
  #watch({ end }: MediaSession, claims: Claims | undefined): Expiry {
    const expiry = new Expiry(this.#options.clock, { warn: () => {}, end });
    if (claims !== undefined) expiry.watch(claims.expiresAt);
    return expiry;
  }
}

/** Its stay can end while the media plane is still to answer: a kick, the end of the room. */
function refuseEnded(reason: LeaveReason | undefined): void {
  if (reason === undefined) return;
  const message = `Cannot open the session: its stay in the room has ended, ${reason}`;
  throw new HttpError(409, { code: "session-ended", message });
}
