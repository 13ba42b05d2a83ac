/** What a meeting takes from outside, and what its owner may have it do otherwise. */
import type { ServerMessage, UserId } from "../../src/protocol/mod.ts";
import type { FrameSocket } from "../call/relay/frame_sink.ts";
import type { CallOptions, CallTransport } from "../call/transport.ts";
import type { Clock } from "./clock.ts";
import type { FreshIceServersOptions } from "./fresh_ice_servers.ts";
import type { HostKeys } from "./host_keys.ts";
import type { MediaPort } from "./media_port.ts";
import type { Preferences } from "./preferences.ts";
import type { Roster } from "./roster.ts";
import type { SocketFactory } from "./socket.ts";
import type { PathReport } from "./stats_report.ts";

/** What a meeting needs. */
export interface MeetingOptions {
  readonly clock: Clock;
  readonly connect: SocketFactory;
  readonly random: () => number;
  readonly media: MediaPort;
  readonly createCall: (options: CallOptions, frames: FrameSocket) => CallTransport;
  /** Whether a call of ours can send what it shows over the socket (rule FR1). Default: it cannot. */
  readonly canRelay?: boolean;
  readonly preferences: Preferences;
  readonly hostKeys: HostKeys;
  /** Asks the server for fresh TURN credentials. Default: those that the socket brought stay. */
  readonly fetchIceServers?: FreshIceServersOptions["fetch"];
  /** With whom media are exchanged. Default: with everybody. */
  readonly partnersIn?: (roster: Roster) => readonly UserId[];
  /** The height that the camera is to be sent in. Default: what suits the number of the others. */
  readonly pictureHeight?: () => number | undefined;
  /** Whose lines the chat leaves out. Default: nobody's. */
  readonly isSilenced?: (userId: UserId) => boolean;
  /** Hears each message of the server, once the meeting has taken its part. Default: nobody. */
  readonly heard?: (message: ServerMessage) => void;
  /** What a ladder knows of the paths of the media. Default: nothing. */
  readonly paths?: () => PathReport;
  /** Takes the binary frames of the socket. Default: nobody. */
  readonly receivedFrame?: (frame: Uint8Array) => void;
}
