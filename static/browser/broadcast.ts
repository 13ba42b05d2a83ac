/** The broadcast of this tab: its model with the browser's devices, sockets and connections. */
import { Broadcast } from "../state/live/broadcast.ts";
import { LiveMemory } from "../state/live/live_memory.ts";
import { hostKeys } from "./host_keys.ts";
import { endWithPage, LiveMeeting } from "./live_meeting.ts";
import { pageClock } from "./page_clock.ts";
import { createRoom } from "./server_api.ts";
import { preferences } from "./settings.ts";

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
