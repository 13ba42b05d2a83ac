/**
 * The end of a step: everybody has answers to all requests, sees as many in its room as are in it,
 * and has every chat message of the steps it was present for. The simulation waits for it after
 * each step, so that a member that lacks something is found in that step and not at the end.
 */
import type { SimulatedUser } from "./simulated_user.ts";

/** Why the step is not over yet: the first user that still waits, and for what. */
export function reasonToWait(users: readonly SimulatedUser[]): string | undefined {
  for (const user of users) {
    const reason = reasonOf(user);
    if (reason === undefined) continue;
    const { roomId } = user.room.history;
    return `${user.userId} in room "${roomId}" ${reason}`;
  }
  return undefined;
}

function reasonOf(user: SimulatedUser): string | undefined {
  const { witness, room, stay } = user;
  const waiting = witness.requests.size;
  if (waiting > 0) return `waits for ${waiting} answer${waiting === 1 ? "" : "s"}`;
  if (witness.relays.size > 0) return `lacks ${witness.relays.size} messages sent to it alone`;
  if (stay === undefined) return undefined;
  const { rosterSize } = witness;
  const { liveCount } = room;
  if (rosterSize !== liveCount + room.ghostsSeenBy(stay)) {
    return `sees ${rosterSize} users where there are ${liveCount}`;
  }
  const expected = room.chatsAfter(stay.joinStep);
  if (witness.chatsSeen < expected) return `has ${witness.chatsSeen} of ${expected} chats`;
  const away = witness.seats.someoneAway;
  return away === undefined ? undefined : `sees ${away} as away`;
}
