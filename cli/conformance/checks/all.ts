/**
 * Every check, in the order of PROTOCOL.md. The command runs them; a test holds the list against the
 * rules.
 */
import type { Section } from "../check.ts";
import { brokenFrameChecks } from "./broken_frames.ts";
import { chatChecks, dataChecks } from "./chat.ts";
import { connectionChecks } from "./connection.ts";
import { errorChecks } from "./errors.ts";
import { guessingChecks } from "./guessing.ts";
import { hostChecks } from "./hosts.ts";
import { iceServerChecks } from "./ice_servers.ts";
import { identifierChecks } from "./identifiers.ts";
import { joiningChecks } from "./joining.ts";
import { kickChecks, muteChecks } from "./kick.ts";
import { endingChecks, leavingChecks } from "./leaving.ts";
import { limitChecks } from "./limits.ts";
import { lobbyChecks } from "./lobby.ts";
import { lockChecks } from "./lock.ts";
import { counterChecks, publishingChecks, subscribingChecks } from "./media.ts";
import { messageChecks } from "./messages.ts";
import { orderingChecks } from "./ordering.ts";
import { passcodeChecks } from "./passcodes.ts";
import { pingChecks, relayingChecks } from "./relaying.ts";
import { relayedFrameChecks } from "./relayed_frames.ts";
import { resumeChecks } from "./resume.ts";
import { roomCodeChecks } from "./room_codes.ts";
import { slowReaderChecks } from "./slow_readers.ts";
import { stateChecks } from "./state.ts";
import { statsChecks } from "./stats.ts";
import { tokenChecks } from "./tokens.ts";
import { topologyChecks } from "./topology.ts";
import { transportChecks } from "./transport.ts";

/** The sections. */
export const sections: readonly Section[] = [
  { name: "Connection", checks: [...connectionChecks, ...transportChecks] },
  { name: "Messages", checks: [...messageChecks, ...brokenFrameChecks] },
  { name: "Identifiers", checks: identifierChecks },
  { name: "Join", checks: joiningChecks },
  { name: "Leave", checks: leavingChecks },
  { name: "Order", checks: orderingChecks },
  { name: "Room codes", checks: roomCodeChecks },
  { name: "Relay", checks: relayingChecks },
  { name: "Chat", checks: [...chatChecks, ...dataChecks] },
  { name: "State", checks: stateChecks },
  { name: "Stats and ping", checks: [...statsChecks, ...pingChecks] },
  { name: "Topology", checks: topologyChecks },
  { name: "Media", checks: [...publishingChecks, ...subscribingChecks, ...counterChecks] },
  { name: "Relayed frames", checks: relayedFrameChecks },
  { name: "ICE servers", checks: iceServerChecks },
  { name: "Host", checks: hostChecks },
  { name: "Kick and mute", checks: [...kickChecks, ...muteChecks] },
  { name: "Lock", checks: lockChecks },
  { name: "Lobby", checks: lobbyChecks },
  { name: "Passcodes", checks: passcodeChecks },
  { name: "Guessing", checks: guessingChecks },
  { name: "Access tokens", checks: tokenChecks },
  { name: "End of a room", checks: endingChecks },
  { name: "Limits", checks: limitChecks },
  { name: "Resume", checks: resumeChecks },
  { name: "Slow readers", checks: slowReaderChecks },
  { name: "Errors", checks: errorChecks },
];
