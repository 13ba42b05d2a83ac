/** The broadcast that this tab watches: its model with the browser's sockets and connections. */
import type { RoomId } from "../../src/protocol/mod.ts";
import { Viewing } from "../state/live/viewing.ts";
import { endWithPage, LiveMeeting } from "./live_meeting.ts";
import { pageClock } from "./page_clock.ts";
import { preferences } from "./settings.ts";

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
