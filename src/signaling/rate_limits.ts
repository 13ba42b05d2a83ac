/**
 * What several connections may send together: those of a user, of a network, of a room (rules LI5 to
 * LI7), and how many codes a network may reserve (CR6). A connection's own bucket comes before it;
 * admission asks it for each message.
 */
import { KeyedBuckets, type Rate } from "../access/mod.ts";
import type { Clock } from "../base/mod.ts";
import { type ClientMessage, ProtocolError } from "../protocol/mod.ts";
import type { Seat } from "../rooms/mod.ts";

/** The rates that an operator sets. */
export type SharedRates = {
  /** Of one user over all its connections; that of a connection. */
  readonly user: Rate;
  /** Of all connections of one network. */
  readonly network: Rate;
  /** Of what goes to everybody in one room. */
  readonly room: Rate;
};

/** Codes that one network may reserve: a class of rooms at once, then one every ten seconds. */
const RESERVATIONS: Rate = { perSecond: 0.1, burst: 60 };

/** Whose message it is. */
export type Sender = {
  /** Of the client's address; undefined for this machine's own, which is not counted. */
  readonly network: string | undefined;
  /** Whom an access token names. */
  readonly subject: string | undefined;
  readonly seat: Pick<Seat, "room" | "participant"> | undefined;
};

/** The shared buckets. */
export class RateLimits {
  readonly #users: KeyedBuckets;
  readonly #networks: KeyedBuckets;
  readonly #rooms: KeyedBuckets;
  readonly #reservations: KeyedBuckets;

  /** All full at first. */
  constructor(clock: Clock, rates: SharedRates) {
    this.#users = new KeyedBuckets(clock, rates.user);
    this.#networks = new KeyedBuckets(clock, rates.network);
    this.#rooms = new KeyedBuckets(clock, rates.room);
    this.#reservations = new KeyedBuckets(clock, RESERVATIONS);
  }

  /** Counts a message. Throws `rate-limited`, and then counts it nowhere. */
  take({ network, subject, seat }: Sender, message: ClientMessage): void {
    const attempt = `Cannot ${message.type}`;
    const taken = new Taken();
    const user = subject ?? (seat && `${seat.room.roomId} ${seat.participant.userId}`);
    taken.take(this.#users, user, `${attempt}: its user sends too much`);
    taken.take(this.#networks, network, `${attempt}: your network sends too much`);
    if (message.type === "create-room") {
      taken.take(this.#reservations, network, `${attempt}: your network reserved too many codes`);
    }
    if (seat !== undefined && isForEverybody(message)) {
      const { roomId } = seat.room;
      taken.take(this.#rooms, roomId, `${attempt}: room "${roomId}" takes no more for now`);
    }
  }
}

/** The tokens that one message took so far. */
class Taken {
  readonly #tokens: (() => void)[] = [];

  /** Takes one, or puts back what was taken before and throws; nothing where there is no key. */
  take(buckets: KeyedBuckets, key: string | undefined, refusal: string): void {
    if (key === undefined) return;
    const retryAfterMs = buckets.take(key);
    if (retryAfterMs > 0) {
      for (const giveBack of this.#tokens) giveBack();
      throw new ProtocolError("rate-limited", refusal, { retryAfterMs });
    }
    this.#tokens.push(() => buckets.giveBack(key));
  }
}

/** Does the server send a copy to each member of the room? */
function isForEverybody(message: ClientMessage): boolean {
  switch (message.type) {
    case "chat":
    case "data":
      return message.to === undefined;
    case "state":
    case "publish":
      return true;
    default:
      return false;
  }
}
