/**
 * What has to be true when nobody does anything: the members of a room know each other and the server
 * knows no others; and of those who left, nothing is there. Pure.
 */
import type { Sample } from "./sampler.ts";

/** A member as it sees its room. */
export type Member = {
  readonly userId: string;
  readonly roomId: string;
  readonly roster: ReadonlySet<string>;
};

/** What is wrong with the rosters of `members`, who are all there are, and with the server's count. */
export function rosterFaults(
  members: readonly Member[],
  server: Pick<Sample, "participants" | "rooms">,
): string[] {
  const rooms = Map.groupBy(members, ({ roomId }) => roomId);
  const faults: string[] = [];
  for (const [roomId, present] of rooms) {
    const expected = present.map(({ userId }) => userId).sort().join(", ");
    for (const { userId, roster } of present) {
      const seen = [...roster].sort().join(", ");
      if (seen === expected) continue;
      faults.push(`${userId} in ${roomId} has the roster ${seen}, and there are ${expected}`);
    }
  }
  const there = `${members.length} in ${rooms.size}`;
  const counted = `${server.participants} in ${server.rooms}`;
  if (there !== counted) faults.push(`the server counts ${counted} rooms, there are ${there}`);
  return faults;
}

/** What a server still has when everybody has left; empty: nothing. */
export function remainsOf(sample: Sample): string {
  const { connections, sockets, rooms, participants, stays } = sample;
  return Object.entries({ connections, sockets, rooms, participants, stays })
    .filter(([, count]) => count !== 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(", ");
}
