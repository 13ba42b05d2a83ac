/**
 * What a session of WHIP or WHEP agrees on with its room, once it has entered: that it sends what it
 * offers, or receives what another sends.
 */
import { ProtocolError, type RoomId, type UserId } from "../protocol/mod.ts";
import type { Hub, SocketlessSeat } from "../signaling/mod.ts";
import { HttpError } from "./problem.ts";
import { publishedBy, refuseUnfitForViewing, type SessionOffer } from "./session_offer.ts";

/** Agrees on the media of one who has entered; resolves to the answer. */
export type Connect = (seat: SocketlessSeat) => Promise<string>;

/**
 * WHIP: all that is offered is taken, or nothing (RFC 9725, section 4.4.3). Throws HttpError, ahead of
 * everything else, where the offer does not fit.
 */
export function publishing(offer: SessionOffer): Connect {
  const tracks = publishedBy(offer);
  return async (seat) => {
    const answer = await seat.publish({ sdp: offer.sdp, tracks });
    const taken = new Set(answer.tracks.map(({ mid }) => mid));
    const missing = tracks.find(({ mid }) => !taken.has(mid));
    if (missing === undefined) return answer.sdp;
    const message =
      `Cannot publish: the server forwards no codec of the ${missing.source}'s m-line`;
    throw new HttpError(422, { code: "media-failed", message });
  };
}

/** WHEP: what `from` publishes, or everybody where it is left out. Throws as `publishing` does. */
export function viewing(
  offer: SessionOffer,
  { hub, roomId, from }: { hub: Hub; roomId: RoomId; from: UserId | undefined },
): Connect {
  refuseUnfitForViewing(offer);
  return async (seat) => {
    // Only now: who may not enter learns nothing of who is in the room.
    if (from !== undefined && hub.registry.get(roomId)?.has(from) !== true) {
      throw new ProtocolError(
        "no-such-participant",
        `Cannot view "${from}" in room "${roomId}": no such participant`,
      );
    }
    return (await seat.view({ sdp: offer.sdp, from })).sdp;
  };
}
