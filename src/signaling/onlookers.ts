/**
 * Who sees something of a room from outside, over HTTP, and is no member of it: it has to show what a
 * join would (its token, a code that is no guess, its passcode), and is turned away where a join would
 * be. The exchange has one; HTTP asks it through the hub, when somebody begins to watch and while it does.
 */
import { bannedNetwork, type ClientOrigin, networkOf } from "../access/mod.ts";
import { ProtocolError, type RoomId } from "../protocol/mod.ts";
import type { Onlooker, Room, RoomRegistry } from "../rooms/mod.ts";
import type { Admission } from "./admission.ts";

/** What an onlooker asks for, and shows. */
export type OnlookerRequest = {
  readonly roomId: RoomId;
  /** Default none. */
  readonly passcode?: string | undefined;
};

/** The right to see one room, as long as it lasts. */
export type Sight = {
  readonly room: Room;
  /** Throws ProtocolError where a join would be refused by now: the lock, the lobby, a ban, the end. */
  readonly refuseNow: () => void;
};

/** The door for those who only look. */
export class Onlookers {
  readonly #registry: RoomRegistry;
  readonly #admission: Admission;

  /** Asks what joins are asked. */
  constructor(registry: RoomRegistry, admission: Admission) {
    this.#registry = registry;
    this.#admission = admission;
  }

  /**
   * Lets somebody see a room, under the rules of a join; a full room refuses nobody, for no place is
   * taken. The caller has verified the claims of `client`. Rejects with ProtocolError.
   */
  async admit(
    { roomId, passcode }: OnlookerRequest,
    { address, claims }: ClientOrigin,
  ): Promise<Sight> {
    const applicant = {
      entry: { origin: { network: bannedNetwork(address) } },
      network: networkOf(address),
      claims,
      seat: undefined,
    };
    const { message, entry } = await this.#admission.prepareJoin(applicant, {
      type: "join",
      roomId,
      // A viewer makes no room, so nothing is hashed for one that does not exist.
      role: claims?.role ?? "viewer",
      ...(passcode === undefined ? {} : { passcode }),
    });
    const room = this.#registry.get(roomId);
    if (room === undefined) throw notFound(roomId);
    const onlooker: Onlooker = { ...entry, userId: message.userId };
    const refuseNow = () => {
      // Another room of that id is another room: what was shown was shown to the one before.
      if (this.#registry.get(roomId) !== room) throw notFound(roomId);
      room.refuseOnlooker(onlooker);
    };
    refuseNow();
    return { room, refuseNow };
  }

  /** Whether somebody who shows nothing may see that room. */
  isOpen(room: Room, { address }: ClientOrigin): boolean {
    try {
      room.refuseOnlooker({ origin: { network: bannedNetwork(address) } });
      return true;
    } catch (error) {
      if (error instanceof ProtocolError) return false;
      throw error;
    }
  }
}

function notFound(roomId: RoomId): ProtocolError {
  return new ProtocolError("room-not-found", `Cannot watch room "${roomId}": no such room`);
}
