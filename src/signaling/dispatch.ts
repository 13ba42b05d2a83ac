/**
 * What each message means: one case a type, ending in a method of the room or the registry. (`resume`
 * is about sessions and stays with the exchange.) Pure of sockets; the exchange calls it and delivers
 * the outcome, which is there in a moment where the media plane is asked. The compiler names a type
 * without a case.
 */
import { assertNever, type Clock } from "../base/mod.ts";
import { type ClientMessage, type ClientMessageOf, ProtocolError } from "../protocol/mod.ts";
import type { Entry, Outbound, Outcome, RoomRegistry, Seat } from "../rooms/mod.ts";
import { askMedia } from "./media_requests.ts";

/** What a message may touch. */
export type DispatchContext = {
  readonly registry: RoomRegistry;
  readonly clock: Clock;
  /** Where the sender sits, if it does. */
  readonly seat: Seat | undefined;
  /** What is known of the sender when it joins. */
  readonly entry: Entry;
  /** When its access token ends, if it has one. */
  readonly expiresAt?: number | undefined;
};

/** The outcome of a message, or what is to become it; `seat` is where the sender sits afterwards. */
export type Dispatched = {
  readonly outcome: Outcome | Promise<Outcome>;
  readonly seat: Seat | undefined;
};

/** Carries out one message. Throws ProtocolError, with nothing changed, when it cannot. */
export function dispatch(
  context: DispatchContext,
  message: Exclude<ClientMessage, { type: "resume" }>,
): Dispatched {
  const { registry, clock, seat } = context;
  const stay = (outcome: Outcome | Promise<Outcome>): Dispatched => ({ outcome, seat });
  switch (message.type) {
    case "join":
      return join(context, message);
    case "leave":
      return { outcome: leave(registry, placed(seat, message.type), message), seat: undefined };
    case "create-room": {
      const { kind, lobby: hasLobby } = message;
      const created = registry.reserveCode({ kind, hasLobby, passcode: context.entry.passcode });
      return stay({ reply: { type: "room-created", ...created }, outbound: [] });
    }
    case "offer":
    case "answer":
    case "ice-candidate": {
      const { room, participant } = seated(seat, message.type);
      return stay(room.relay(participant, message));
    }
    case "publish":
    case "subscription-answer":
    case "subscribe":
    case "media-stats":
      return stay(askMedia(seated(seat, message.type), message, clock));
    case "restart-subscription": {
      const { room: { media }, participant } = seated(seat, message.type);
      return stay({ reply: undefined, outbound: media.restartSubscription(participant) });
    }
    case "request-forwarding": {
      const { room: { media }, participant } = seated(seat, message.type);
      const outbound = media.requestForwarding(participant, message.wanted);
      return stay({ reply: undefined, outbound });
    }
    case "request-relay": {
      const { room: { frameRelay }, participant } = seated(seat, message.type);
      return stay(frameRelay.request(participant, message));
    }
    case "chat": {
      const { room, participant } = seated(seat, message.type);
      return stay(room.chat(participant, message, clock.now()));
    }
    case "data": {
      const { room, participant } = seated(seat, message.type);
      return stay(room.data(participant, message, clock.now()));
    }
    case "state": {
      const { room, participant } = seated(seat, message.type);
      return stay(room.updateState(participant, message));
    }
    case "kick": {
      const { room: { moderation }, participant } = seated(seat, message.type);
      return stay(moderation.kick(participant, message));
    }
    case "mute": {
      const { room: { moderation }, participant } = seated(seat, message.type);
      return stay(moderation.mute(participant, message));
    }
    case "lock": {
      const { room: { moderation }, participant } = seated(seat, message.type);
      return stay(moderation.lock(participant, message));
    }
    case "lobby": {
      const { room: { moderation }, participant } = seated(seat, message.type);
      return stay(moderation.lobby(participant, message));
    }
    case "admit": {
      const { room: { moderation }, participant } = seated(seat, message.type);
      return stay(moderation.admit(participant, message, clock.now()));
    }
    case "deny": {
      const { room: { moderation }, participant } = seated(seat, message.type);
      return stay(moderation.deny(participant, message));
    }
    case "end-room":
      return { outcome: endRoom(registry, seated(seat, message.type)), seat: undefined };
    case "refresh-token":
      return stay(refreshed(context.expiresAt));
    case "stats": {
      const outbound = registry.reportStats(seated(seat, message.type), message);
      return stay({ reply: undefined, outbound });
    }
    case "ping":
      return stay({ reply: { type: "pong", at: message.at }, outbound: [] });
    default:
      return assertNever(message);
  }
}

function join(
  { registry, seat, entry }: DispatchContext,
  message: ClientMessageOf<"join">,
): Dispatched {
  if (seat !== undefined) {
    throw new ProtocolError(
      "already-joined",
      `Cannot join room "${message.roomId}": the connection is in room "${seat.room.roomId}" ` +
        `as "${seat.participant.userId}"`,
    );
  }
  return registry.join(message, entry);
}

/** The sender's own `leaved` is its reply; the others hear theirs (rule EN1). */
function endRoom(registry: RoomRegistry, { room, participant }: Seat): Outcome {
  room.moderation.refuseOthers(participant, "end-room");
  const { outbound, ...rest } = registry.end(room.roomId);
  const isOwn = ({ to }: Outbound) => to[0] === participant;
  return {
    reply: outbound.find(isOwn)?.message,
    outbound: outbound.filter((one) => !isOwn(one)),
    ...rest,
  };
}

function leave(registry: RoomRegistry, seat: Seat, message: ClientMessageOf<"leave">): Outcome {
  const { roomId = seat.room.roomId, userId = seat.participant.userId } = message;
  if (roomId !== seat.room.roomId || userId !== seat.participant.userId) {
    throw new ProtocolError(
      "not-allowed",
      `Cannot leave room "${roomId}" as "${userId}": the connection is in room ` +
        `"${seat.room.roomId}" as "${seat.participant.userId}"`,
    );
  }
  return registry.leave(seat, "left");
}

/** The admission has checked the token; here is what is left to say (rule TK7). */
function refreshed(expiresAt: number | undefined): Outcome {
  if (expiresAt !== undefined) {
    return { reply: { type: "token-refreshed", expiresAt }, outbound: [] };
  }
  throw new ProtocolError("not-allowed", "Cannot refresh-token: the server demands no tokens");
}

/** The sender's place as a member; who waits in a lobby has none yet (rule LB2). */
function seated(seat: Seat | undefined, type: string): Seat {
  const place = placed(seat, type);
  if (!place.participant.isWaiting) return place;
  throw new ProtocolError("not-joined", `Cannot ${type}: the connection waits to be admitted`);
}

/** The sender's place, in a room or in its lobby. */
function placed(seat: Seat | undefined, type: string): Seat {
  if (seat !== undefined) return seat;
  throw new ProtocolError("not-joined", `Cannot ${type}: the connection is in no room`);
}
