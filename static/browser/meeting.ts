/** The meeting of this tab: its model with the browser's devices, sockets and connections behind it. */
import { Mesh } from "../call/mesh.ts";
import { browserPlatform } from "../call/platform.ts";
import { RelayingCall } from "../call/relay/relaying_call.ts";
import { SfuCall } from "../call/sfu/sfu_call.ts";
import { SwitchingCall, type SwitchingCallOptions } from "../call/switching_call.ts";
import type { CallOptions } from "../call/transport.ts";
import { Meeting } from "../state/meeting.ts";
import { hostKeys } from "./host_keys.ts";
import { mediaPort } from "./media_devices.ts";
import { watchNetwork } from "./network_changes.ts";
import { pageClock } from "./page_clock.ts";
import { watchVisibility } from "./page_visibility.ts";
import { relayPlatform } from "./relay_platform.ts";
import { fetchIceServers } from "./server_api.ts";
import { preferences } from "./settings.ts";
import { connectWebSocket } from "./web_socket.ts";

/** By then the page is drawn, and nobody has pressed Join yet. */
const WARM_UP_MS = 500;

/** A meeting that ends with the page: no camera outlives the tab that opened it. */
export function createMeeting(random: () => number): Meeting {
  const platform = browserPlatform(pageClock);
  const relay = relayPlatform(pageClock);
  const ways = (options: CallOptions): SwitchingCallOptions => ({
    ...options,
    clock: pageClock,
    create: {
      mesh: (options) => new Mesh({ ...options, platform }),
      sfu: (options) => new SfuCall({ ...options, platform }),
    },
  });
  // The threads and codecs of WebRTC start with the first connection of a page, which takes as long as
  // a quarter of a join: not while somebody waits for a picture.
  pageClock.after(WARM_UP_MS, () => platform.connect({}).close());
  const meeting = new Meeting({
    clock: pageClock,
    connect: connectWebSocket,
    random,
    media: mediaPort,
    canRelay: relay !== undefined,
    createCall: (options, frames) =>
      relay === undefined
        ? new SwitchingCall(ways(options))
        : new RelayingCall({ ...ways(options), relay, frames }),
    preferences,
    hostKeys,
    fetchIceServers,
  });
  const ends = [
    watchNetwork(() => meeting.networkChanged()),
    watchVisibility((isVisible) => meeting.setWatched(isVisible)),
  ];
  // Also where the browser keeps the page for the way back: what is kept must not go on filming.
  addEventListener("pagehide", () => {
    for (const end of ends) end();
    meeting.leave();
  });
  return meeting;
}
