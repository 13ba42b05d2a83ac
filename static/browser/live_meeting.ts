/** What the live rooms of both sides are made of: a meeting by their rules, and its end with the page. */
import type { Role } from "../../src/protocol/mod.ts";
import type { LiveTransport } from "../call/live/live_view.ts";
import { forcedPath } from "../call/live/media_policy.ts";
import type { MeetingRules } from "../state/live/live_rules.ts";
import { Meeting } from "../state/meeting.ts";
import type { PathReport } from "../state/stats_report.ts";
import { hostKeys } from "./host_keys.ts";
import { createLiveCall } from "./live_call.ts";
import { mediaPort } from "./media_devices.ts";
import { watchNetwork } from "./network_changes.ts";
import { pageClock } from "./page_clock.ts";
import { relayPlatform } from "./relay_platform.ts";
import { fetchIceServers } from "./server_api.ts";
import { preferences } from "./settings.ts";
import { connectWebSocket } from "./web_socket.ts";

/** Makes a meeting by the rules of live rooms, and knows the call that it has at the moment. */
export class LiveMeeting {
  readonly #role: Role;
  readonly #random: () => number;
  #call: LiveTransport | undefined;

  /** None yet. */
  constructor(role: Role, random: () => number) {
    this.#role = role;
    this.#random = random;
  }

  /** The call, which also tells how it fares; undefined before there is one. */
  get call(): LiveTransport | undefined {
    return this.#call;
  }

  /** Makes it; its calls are those of live rooms. */
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
export function endWithPage(
  live: { readonly meeting: Meeting; close(): void },
): void {
  const unwatch = watchNetwork(() => live.meeting.networkChanged());
  addEventListener("pagehide", () => {
    unwatch();
    live.close();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });
}
