/**
 * What the rest of the server sees of TURN: somebody who makes credentials. Signaling asks it for each
 * connection and each participant, HTTP for whoever comes that way; the application knows who it is.
 */
import type { ConnectionId, IceServer, RoomId, UserId } from "../protocol/mod.ts";

/** Whom credentials are made for. */
export type Holder = { readonly roomId: RoomId; readonly userId: UserId };

/** Makes TURN credentials that end by themselves (rule IC1). */
export interface TurnCredentials {
  /** How long those are good that are made now, in seconds. */
  readonly ttlS: number;
  /** For a connection that has not joined yet. */
  forConnection(id: ConnectionId): IceServer;
  /** For one participant of one room. */
  forParticipant(holder: Holder): IceServer;
}
