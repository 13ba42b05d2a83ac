/**
 * Where a session stands, what it joins with, and what it tells its owner. Apart from `session.ts`
 * because the components read these types and have no business with the session itself.
 */
import type {
  Role,
  RoomId,
  ServerMessage,
  ServerMessageOf,
  UserId,
} from "../../src/protocol/mod.ts";
import type { Clock } from "./clock.ts";
import type { SocketFactory } from "./socket.ts";

/** Where a session stands; each shape has what is true then and nothing else. */
export type SessionState =
  | { readonly phase: "idle" }
  | { readonly phase: "connecting"; readonly attempt: number }
  | { readonly phase: "open"; readonly connectionId: string; readonly isJoining: boolean }
  | {
    readonly phase: "joined";
    readonly connectionId: string;
    readonly roomId: RoomId;
    readonly userId: UserId;
  }
  | {
    readonly phase: "reconnecting";
    readonly attempt: number;
    readonly pauseMs: number;
    readonly code: number;
    readonly reason: string;
  }
  | { readonly phase: "closed"; readonly code: number; readonly reason: string };

/** What to join with; kept for the way back. */
export interface JoinRequest {
  readonly roomId: RoomId;
  /** Left out: the server makes one. */
  readonly userId?: UserId;
  readonly name?: string;
  readonly role?: Role;
  /** Of a room that has one (rule PC2). */
  readonly passcode?: string;
  /** Makes its holder host (rule CR5). */
  readonly hostKey?: string;
  /** It can take its media through the server (rule TO2). */
  readonly sfu?: boolean;
  /** It can send what it shows over the socket (rule FR1). */
  readonly relay?: boolean;
}

/** What a session tells its owner. */
export interface SessionHandler {
  /** `state` is another one. */
  changed(): void;
  /** A message went out or came in, known or not; text that is not JSON comes as `{raw}`. */
  logged(direction: "out" | "in", message: unknown): void;
  /** A known message came in, after the session took its part from it. */
  received(message: ServerMessage): void;
  /** A binary frame came in. Default: nobody has asked for any. */
  receivedFrame?(frame: Uint8Array): void;
  /** The server refused the join; the session is open and in no room. */
  refused(error: ServerMessageOf<"error">): void;
  /** A round trip took this long. */
  measured(roundTripMs: number): void;
}

/** What a session needs. */
export interface SessionOptions {
  readonly clock: Clock;
  readonly connect: SocketFactory;
  readonly random: () => number;
  /** Time from one measurement of the round trip to the next. */
  readonly pingPeriodMs: number;
  readonly handler: SessionHandler;
}
