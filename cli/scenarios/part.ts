/**
 * One tester's part of a run that several share: whole rooms, so that each tester judges its rooms
 * alone, and its share of the rate. Every tester knows who belongs to the rooms of the others, so a
 * message that crosses over is found as what it is (rule OR2).
 */
import type { Arrival } from "./arrivals.ts";
import { roomIdOf, type SimulationSettings } from "./settings.ts";

/** Which part of how many. */
export type Part = { readonly index: number; readonly of: number };

/** All of a run. */
export const WHOLE: Part = { index: 0, of: 1 };

/** A room of the run: whose it is and who belongs to it. */
export type RoomPlan = {
  readonly roomId: string;
  readonly isOwn: boolean;
  readonly userIds: readonly string[];
};

/** Every room of the run as the tester of `part` sees it. */
export function planRooms(settings: SimulationSettings, part: Part): RoomPlan[] {
  const { users, rooms } = settings;
  const userIds: string[][] = Array.from({ length: rooms }, () => []);
  for (let index = 0; index < users; index++) {
    userIds[Math.floor((index * rooms) / users)]!.push(`user-${index + 1}`);
  }
  return userIds.map((ids, index) => ({
    roomId: roomIdOf(settings, index),
    isOwn: Math.floor((index * part.of) / rooms) === part.index,
    userIds: ids,
  }));
}

/** What the tester of `part` is asked to do. Its seed follows from that of the run. */
export function settingsOf(settings: SimulationSettings, part: Part): SimulationSettings {
  if (part.of === 1) return settings;
  const own = planRooms(settings, part).filter(({ isOwn }) => isOwn);
  const users = own.reduce((sum, { userIds }) => sum + userIds.length, 0);
  const share = users / settings.users;
  return {
    ...settings,
    users,
    rooms: own.length,
    rate: settings.rate === undefined ? undefined : settings.rate * share,
    arrival: shareOf(settings.arrival, share),
    seed: (settings.seed + part.index * 0x9e3779b1) >>> 0,
  };
}

/** A part of independent arrivals is rarer; a ramp and a burst are the same for fewer users. */
function shareOf(arrival: Arrival | undefined, share: number): Arrival | undefined {
  if (arrival?.kind !== "poisson") return arrival;
  return { ...arrival, perSecond: arrival.perSecond * share };
}
