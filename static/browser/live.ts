/** The live rooms of this tab: their models with the browser's devices, sockets and connections. */
import { Mesh } from "../call/mesh.ts";
import { browserPlatform } from "../call/platform.ts";
import { SfuCall } from "../call/sfu/sfu_call.ts";
import { SwitchingCall } from "../call/switching_call.ts";
import type { LiveView } from "../call/live/live_view.ts";
import type { RoomId } from "../../src/protocol/mod.ts";
import { Broadcast } from "../state/live/broadcast.ts";
import { LiveMemory } from "../state/live/live_memory.ts";
import type { MeetingRules } from "../state/live/live_rules.ts";
import { Viewing } from "../state/live/viewing.ts";
import { Meeting } from "../state/meeting.ts";
import { hostKeys } from "./host_keys.ts";
import { mediaPort } from "./media_devices.ts";
import { watchNetwork } from "./network_changes.ts";
import { pageClock } from "./page_clock.ts";
import { createRoom } from "./server_api.ts";
import { preferences } from "./settings.ts";
import { connectWebSocket } from "./web_socket.ts";

/** What this tab remembers of its broadcast; it ends with the tab. */
export const liveMemory: LiveMemory = new LiveMemory(() => sessionStorage);

/** A broadcast that keeps its code when the page is reloaded. */
export function createBroadcast(random: () => number): Broadcast {
  const room = new LiveRoom(random);
  const broadcast = new Broadcast({
    clock: pageClock,
    random,
    createMeeting: (rules) => room.createMeeting(rules),
    liveView: () => room.view,
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
  const room = new LiveRoom(random);
  const viewing = new Viewing({
    roomId,
    clock: pageClock,
    random,
    createMeeting: (rules) => room.createMeeting(rules),
    liveView: () => room.view,
    preferences,
    link,
  });
  endWithPage(viewing);
  return viewing;
}

/** A meeting by the rules of live rooms, and the call that it has at the moment. */
class LiveRoom {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** How the call fares; undefined before there is one. */
  get view(): LiveView | undefined {
    return undefined;
  }

  createMeeting(rules: MeetingRules): Meeting {
    const platform = browserPlatform(pageClock);
    return new Meeting({
      ...rules,
      clock: pageClock,
      connect: connectWebSocket,
      random: this.#random,
      media: mediaPort,
      createCall: (options) =>
        new SwitchingCall({
          ...options,
          clock: pageClock,
          create: {
            mesh: (options) => new Mesh({ ...options, platform }),
            sfu: (options) => new SfuCall({ ...options, platform }),
          },
        }),
      preferences,
      hostKeys,
    });
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
