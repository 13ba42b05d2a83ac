/** The live rooms of this tab: their models with the browser's devices, sockets and connections. */
import type { Role, RoomId } from "../../src/protocol/mod.ts";
import type { LiveTransport } from "../call/live/live_view.ts";
import { forcedPath } from "../call/live/media_policy.ts";
import { Broadcast } from "../state/live/broadcast.ts";
import { LiveMemory } from "../state/live/live_memory.ts";
import type { MeetingRules } from "../state/live/live_rules.ts";
import { Viewing } from "../state/live/viewing.ts";
import { Meeting } from "../state/meeting.ts";
import type { PathReport } from "../state/stats_report.ts";
import { hostKeys } from "./host_keys.ts";
import { createLiveCall } from "./live_call.ts";
import { mediaPort } from "./media_devices.ts";
import { watchNetwork } from "./network_changes.ts";
import { pageClock } from "./page_clock.ts";
import { relayPlatform } from "./relay_platform.ts";
import { createRoom, fetchIceServers } from "./server_api.ts";
import { preferences } from "./settings.ts";
import { connectWebSocket } from "./web_socket.ts";

/** What this tab remembers of its broadcast; it ends with the tab. */
export const liveMemory: LiveMemory = new LiveMemory(() => sessionStorage);

/** A broadcast that keeps its code when the page is reloaded. */
export function createBroadcast(random: () => number): Broadcast {
  const room = new LiveMeeting("broadcaster", random);
  const broadcast = new Broadcast({
    clock: pageClock,
    random,
    createMeeting: (rules) => room.create(rules),
    createRoom: () => createRoom({ kind: "live" }),
    preferences,
    hostKeys,
    memory: liveMemory,
  });
  endWithPage(broadcast);
  return broadcast;
}

/** A viewing of the room that a link names. */
export function createViewing(
  roomId: RoomId,
  { random, link }: {
    readonly random: () => number;
    readonly link: { readonly user?: string; readonly name?: string };
  },
): Viewing {
  const room = new LiveMeeting("viewer", random);
  const viewing = new Viewing({
    roomId,
    clock: pageClock,
    random,
    createMeeting: (rules) => room.create(rules),
    liveView: () => room.call,
    preferences,
    link,
  });
  endWithPage(viewing);
  return viewing;
}

/** Makes a meeting by the rules of live rooms, and knows the call that it has at the moment. */
class LiveMeeting {
  readonly #role: Role;
  readonly #random: () => number;
  #call: LiveTransport | undefined;

  constructor(role: Role, random: () => number) {
    this.#role = role;
    this.#random = random;
  }

  /** The call, which also tells how it fares; undefined before there is one. */
  get call(): LiveTransport | undefined {
    return this.#call;
  }

  create(rules: MeetingRules): Meeting {
    const { roomId: _, ...more } = rules;
    const forced = this.#role === "viewer" ? forcedPath(location.search) : undefined;
    return new Meeting({
      ...more,
      clock: pageClock,
      connect: connectWebSocket,
      random: this.#random,
      media: mediaPort,
      canRelay: this.#role === "broadcaster" && relayPlatform(pageClock) !== undefined,
      createCall: (options, frames) => {
        const roomId = rules.roomId();
        return this.#call = createLiveCall(options, { roomId, role: this.#role, forced, frames });
      },
      paths: () => this.#paths(),
      receivedFrame: (frame) => this.#call?.receiveFrame(frame),
      preferences,
      hostKeys,
      fetchIceServers,
    });
  }

  #paths(): PathReport {
    const { rung, pathMs } = this.#call ?? {};
    return { path: rung, pathMs };
  }
}

/** No camera outlives the tab that opened it, and a page that was kept for the way back begins anew. */
function endWithPage(live: Broadcast | Viewing): void {
  const unwatch = watchNetwork(() => live.meeting.networkChanged());
  addEventListener("pagehide", () => {
    unwatch();
    live.close();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });
}
