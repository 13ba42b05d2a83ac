/**
 * What a call of a live room shows beside what every call shows: the rung of the ladder that a viewer
 * is on and why, and what a broadcaster sends over its socket. Read it after each
 * {@linkcode CallEvents.changed}, which tells of changes here too.
 */
import type { MediaPath, PathTimes, Role, RoomId } from "../../../src/protocol/mod.ts";
import type { LadderReason } from "../ladder.ts";
import type { FrameSocket } from "../relay/frame_sink.ts";
import type { RelayPlatform } from "../relay/relay_platform.ts";
import type { CallClock } from "../platform.ts";
import type { CallOptions, CallTransport, Relayed } from "../transport.ts";

export type { Relayed } from "../transport.ts";

/** How a live call fares. */
export interface LiveView {
  /** Of a viewer: how its media come; undefined while nothing comes, and for a broadcaster. */
  readonly rung: MediaPath | undefined;
  /** Of a viewer: milliseconds on each rung since the call began. */
  readonly pathMs: PathTimes;
  /** Of a viewer: why it is not on the best rung; undefined where it is. */
  readonly why: LadderReason | undefined;
  /** The rung that the person demanded, if any. */
  readonly forced: MediaPath | undefined;
  /** Of a broadcaster: what goes over its socket; undefined while nothing does. */
  readonly relayed: Relayed | undefined;
}

/** What a live call needs. */
export interface LiveCallOptions extends CallOptions {
  readonly roomId: RoomId;
  readonly role: Role;
  readonly clock: CallClock;
  /** Names its requests: an id that nobody else draws. */
  readonly randomId: string;
  /** A rung to stay on, whatever comes of it. Default: the best that there is. */
  readonly forced?: MediaPath | undefined;
  /** Makes the call below: star of links or server, as the room's topology says. */
  readonly createMedia: (options: CallOptions, policy: MediaPolicy) => CallTransport;
  /** Codecs of this browser; undefined where it has none: then there is no last rung. */
  readonly relay: RelayPlatform | undefined;
  /** The session of the page. */
  readonly frames: FrameSocket;
  /** Something was refused or could not be encoded; the call goes on. Default: nobody asks. */
  readonly faulted?: ((fault: unknown) => void) | undefined;
}

/** Which paths the call below may take. */
export interface MediaPolicy {
  /** `direct`: no TURN; `relayed`: TURN alone. */
  readonly links: "any" | "direct" | "relayed";
}

/** A call of a live room. */
export interface LiveTransport extends CallTransport, LiveView {
  readonly relayed: Relayed | undefined;
  /** Takes a binary frame of the socket. */
  receiveFrame(frame: Uint8Array): void;
}
