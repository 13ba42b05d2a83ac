/**
 * What one simulation is asked to do: every number chosen, nothing left to default. `commands/
 * simulate.ts` reads it from flags, the tests write it by hand, the reports print it.
 */

/** The settings of a run. */
export type SimulationSettings = {
  /** Users over all rooms. */
  readonly users: number;
  /** Rooms; the users are spread evenly. */
  readonly rooms: number;
  /** The room's id; with several rooms the stem of their ids. */
  readonly room: string;
  /** Joins, chats and leaves a second over all rooms; undefined: the run chooses. */
  readonly rate: number | undefined;
  /** How long the users chat; undefined: as long as two messages each take. */
  readonly durationMs: number | undefined;
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
};

/** When and how much the users chat. */
export type ChatPlan = { readonly messages: number; readonly perSecond: number };

/** Messages that each user sends when nothing is said. */
const MESSAGES_EACH = 2;
/** Deliveries a second that an unasked rate may cause: a broadcast goes to a whole room. */
const MAX_DELIVERIES_PER_SECOND = 200_000;
/** Shortest time of chatting that is worth a percentile. */
const MIN_CHAT_MS = 1_000;

/** Fills in the rate and the duration that were not given. */
export function planChat(settings: SimulationSettings): ChatPlan {
  const { users, rooms, rate, durationMs } = settings;
  const members = Math.ceil(users / rooms);
  const messages = users * MESSAGES_EACH;
  const affordable = MAX_DELIVERIES_PER_SECOND / members;
  const seconds = Math.max(MIN_CHAT_MS / 1_000, messages / affordable);
  const perSecond = rate ??
    (durationMs === undefined ? messages / seconds : Math.min(users, affordable));
  if (durationMs === undefined && rate === undefined) return { messages, perSecond };
  const chatSeconds = durationMs === undefined ? messages / perSecond : durationMs / 1_000;
  return { messages: Math.round(perSecond * chatSeconds), perSecond };
}

/** The id of room number `index`. */
export function roomIdOf({ room, rooms }: SimulationSettings, index: number): string {
  return rooms === 1 ? room : `${room}-${index + 1}`;
}
