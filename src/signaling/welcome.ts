/** The first message of every connection (rule CO2). The hub sends it when a socket opens. */
import {
  type ConnectionId,
  type IceServer,
  type Limits,
  type ServerMessageOf,
  SUBPROTOCOL,
} from "../protocol/mod.ts";
import type { TurnCredentials } from "../turn/port.ts";

/** What the server has to offer to connection `id`. */
export function welcomeTo(
  id: ConnectionId,
  options: {
    iceServers: readonly IceServer[];
    turn?: TurnCredentials | undefined;
    heartbeatMs: number;
    limits: Limits;
  },
): ServerMessageOf<"welcome"> {
  const { iceServers, turn, heartbeatMs, limits } = options;
  const { maxMessageBytes, messagesPerSecond, messageBurst, maxParticipants } = limits;
  return {
    type: "welcome",
    protocol: SUBPROTOCOL,
    connectionId: id,
    iceServers: turn === undefined ? [...iceServers] : [...iceServers, turn.forConnection(id)],
    heartbeatMs,
    limits: { maxMessageBytes, messagesPerSecond, messageBurst, maxParticipants },
  };
}
