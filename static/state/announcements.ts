/**
 * What is said aloud about the room: a few comings and goings by name, a crowd as numbers. A screen
 * reader that had to read fifty names would be of no use for a minute.
 */
import type { RosterEvent } from "./roster.ts";

/** So many are told by name. */
export const MAX_NAMED = 3;

/** What to say. */
export type Announcement =
  | { readonly kind: "few"; readonly events: readonly RosterEvent[] }
  | { readonly kind: "many"; readonly joined: number; readonly left: number };

/** What to say about `events`, which happened within a moment. */
export function summariseRosterEvents(events: readonly RosterEvent[]): Announcement {
  if (events.length <= MAX_NAMED) return { kind: "few", events };
  const joined = events.filter((event) => event.kind === "joined").length;
  return { kind: "many", joined, left: events.length - joined };
}
