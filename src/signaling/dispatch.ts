/**
 * What each message means: one case a type, ending in a method of the room or the registry. (`resume`
 * is about connections and stays with the hub.) Pure of sockets; the hub calls it and delivers the outcome. The compiler names a type without a case.
 */
import { assertNever, type Clock } from "../base/mod.ts";
import { type ClientMessage, type ClientMessageOf, ProtocolError } from "../protocol/mod.ts";
import type { Outcome, RoomRegistry, Seat } from "../rooms/mod.ts";

/** What a message may touch. */
export type DispatchContext = {
  readonly registry: RoomRegistry;
  readonly clock: Clock;
  /** Where the sender sits, if it does. */
  readonly seat: Seat | undefined;
};

/** The outcome of a message; `seat` is where the sender sits afterwards. */
export type Dispatched = { readonly outcome: Outcome; readonly seat: Seat | undefined };

/** Carries out one message. Throws ProtocolError, with nothing changed, when it cannot. */
export function dispatch(
  context: DispatchContext,
  message: Exclude<ClientMessage, { type: "resume" }>,
): Dispatched {
  const { registry, clock, seat } = context;
  const stay = (outcome: Outcome): Dispatched => ({ outcome, seat });
  switch (message.type) {
    case "join":
      return join(context, message);
    case "leave":
      return { outcome: leave(registry, seated(seat, message.type), message), seat: undefined };
    case "create-room": {
      const roomId = registry.reserveCode(message.kind);
      return stay({ reply: { type: "room-created", roomId }, outbound: [] });
    }
    case "offer":
    case "answer":
    case "ice-candidate": {
      const { room, participant } = seated(seat, message.type);
      return stay(room.relay(participant, message));
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
    case "stats":
      registry.reportStats(seated(seat, message.type), message);
      return stay({ reply: undefined, outbound: [] });
    case "ping":
      return stay({ reply: { type: "pong", at: message.at }, outbound: [] });
    default:
      return assertNever(message);
  }
}

function join({ registry, seat }: DispatchContext, message: ClientMessageOf<"join">): Dispatched {
  if (seat !== undefined) {
    throw new ProtocolError(
      "already-joined",
      `Cannot join room "${message.roomId}": the connection is in room "${seat.room.roomId}" ` +
        `as "${seat.participant.userId}"`,
    );
  }
  return registry.join(message);
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

function seated(seat: Seat | undefined, type: string): Seat {
  if (seat !== undefined) return seat;
  throw new ProtocolError("not-joined", `Cannot ${type}: the connection is in no room`);
}
