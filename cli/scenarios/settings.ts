/**
 * What one simulation is asked to do: every number chosen, nothing left to default. `commands/
 * simulate.ts` reads it from flags, the tests write it by hand, the reports print it.
 */

import type { MediaSettings } from "../media/media_settings.ts";
import type { Arrival } from "./arrivals.ts";

/** The settings of a run. */
export type SimulationSettings = {
  /** What the users do: a name in the table of scenarios. */
  readonly scenario: string;
  /** Users over all rooms. */
  readonly users: number;
  /** Rooms; the users are spread evenly. */
  readonly rooms: number;
  /** The room's id; with several rooms the stem of their ids. */
  readonly room: string;
  /** How users connect and join; undefined: at `rate`, or as fast as is useful. */
  readonly arrival?: Arrival | undefined;
  /** Joins, chats, calls and leaves a second over all rooms; undefined: the run chooses. */
  readonly rate?: number | undefined;
  /** How long the users chat; undefined: as long as two messages each take. */
  readonly durationMs?: number | undefined;
  /** How long they then stay without a word. */
  readonly holdMs: number;
  /** The fraction of the users that leaves and returns each second while chatting and holding. */
  readonly churn: number;
  /** The fraction of departures by a dropped socket. */
  readonly dropRatio: number;
  /** Makes the schedule repeatable. */
  readonly seed: number;
  /** How long nothing may happen before a wait becomes a finding. */
  readonly timeoutMs: number;
  /** What the users send each other through the server; left out: no media. */
  readonly media?: MediaSettings | undefined;
  /** The flags of the faults on the users' connections, to be typed again; left out: none. */
  readonly faults?: string;
};

/** Departures by a dropped socket when nothing is said: enough to be sure that some are. */
export const DEFAULT_DROP_RATIO = 0.3;

/** When and how much the users chat. */
export type ChatPlan = { readonly messages: number; readonly perSecond: number };

/** Messages that each user sends when nothing is said; in large rooms down to one. */
const MESSAGES_EACH = 2;
/** Deliveries a second that an unasked rate may cause: a broadcast goes to a whole room. */
const MAX_DELIVERIES_PER_SECOND = 100_000;
/** Messages a second that an unasked rate may send. */
const MAX_MESSAGES_PER_SECOND = 2_500;
/** Shortest time of chatting that is worth a percentile, and the longest that is worth waiting. */
const CHAT_SECONDS = { from: 1, to: 10 };

/** Fills in the rate and the duration that were not given. */
export function planChat(settings: SimulationSettings): ChatPlan {
  const { users, rooms, rate, durationMs } = settings;
  const members = Math.ceil(users / rooms);
  const affordable = Math.min(MAX_DELIVERIES_PER_SECOND / members, MAX_MESSAGES_PER_SECOND);
  const usual = Math.max(users, Math.min(users * MESSAGES_EACH, affordable * CHAT_SECONDS.to));
  if (durationMs === undefined) {
    const perSecond = rate ?? Math.min(affordable, usual / CHAT_SECONDS.from);
    return { messages: Math.round(usual), perSecond };
  }
  const perSecond = rate ?? Math.min(affordable, users);
  return { messages: Math.round(perSecond * durationMs / 1_000), perSecond };
}

/** Calls a second that an unasked rate may start; each is some 20 messages. */
const MAX_CALLS_PER_SECOND = 250;
/** How long the pairs call each other when nothing is said. */
const CALL_SECONDS = 5;

/** How many calls the pairs make; each pair one a second unless told otherwise. */
export function planCalls({ rate, durationMs }: SimulationSettings, pairs: number): ChatPlan {
  const perSecond = rate ?? Math.min(MAX_CALLS_PER_SECOND, pairs);
  const seconds = (durationMs ?? CALL_SECONDS * 1_000) / 1_000;
  return { messages: Math.max(1, Math.round(perSecond * seconds)), perSecond };
}

/** The id of room number `index`. */
export function roomIdOf({ room, rooms }: SimulationSettings, index: number): string {
  return rooms === 1 ? room : `${room}-${index + 1}`;
}
