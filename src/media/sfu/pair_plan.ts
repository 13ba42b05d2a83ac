/**
 * Which group of a participant sits on which pair of m-lines of one subscriber. A pair is an audio
 * and a video m-line in one stream; offering more of them takes a negotiation, giving one to somebody
 * else takes none. So whoever sits keeps the pair, pairs that became free are given away first, and
 * only then more are offered (rules SB1, SB2). Pure but for who sits where.
 */
import type { UserId } from "../../protocol/mod.ts";

/** Pairs of one subscriber at most: Chromium's answer to more would not fit in a message of 64 KiB. */
export const MAX_PAIRS = 30;

/** A person is a microphone with a camera, a screen comes with its sound. */
export type MediaGroup = "person" | "screen";

/** What somebody else publishes, as one subscriber sees it. */
export type PublishedGroup = {
  readonly userId: UserId;
  readonly group: MediaGroup;
  /** When its participant spoke last (`Speakers.rank`); larger is later. */
  readonly spokeAtMs: number;
  /** The subscriber has asked for something of it, and has not paused it. */
  readonly isWanted: boolean;
  /** The subscriber has paused all of it. */
  readonly isPaused: boolean;
};

/** Who sits where. */
export type Seating<Group extends PublishedGroup> = {
  /** By pair: who sits there, `undefined`: nobody. Its length is the number of pairs to be offered. */
  readonly pairs: readonly (Group | undefined)[];
  /** The pairs that carry another group than before, or none any more. */
  readonly changed: readonly number[];
  /** Whether there are more pairs than before: they have to be offered. */
  readonly isLonger: boolean;
};

/** The pairs of one subscriber connection; another connection begins with another plan. */
export class PairPlan {
  readonly #maxPairs: number;
  /** The keys of those who sit. */
  #seats: (string | undefined)[] = [];

  /** No pairs yet. `maxPairs` is 30 where nothing is said. */
  constructor(maxPairs: number = MAX_PAIRS) {
    this.#maxPairs = maxPairs;
  }

  /** Gives pairs to `groups`, which are in the order in which they were published. */
  assign<Group extends PublishedGroup>(groups: readonly Group[]): Seating<Group> {
    const before = this.#seats;
    const chosen = new Map(this.#choose(groups).map((group) => [keyOf(group), group]));
    const seats = before.map((key) => key !== undefined && chosen.has(key) ? key : undefined);
    const seated = new Set(seats);
    let free = 0;
    for (const key of chosen.keys()) {
      if (seated.has(key)) continue;
      while (free < seats.length && seats[free] !== undefined) free++;
      seats[free] = key;
    }
    this.#seats = seats;
    return {
      pairs: seats.map((key) => key === undefined ? undefined : chosen.get(key)),
      changed: seats.flatMap((key, index) => key === before[index] ? [] : [index]),
      isLonger: seats.length > before.length,
    };
  }

  /** Everybody, or as many as there may be pairs, in the order in which they were published. */
  #choose<Group extends PublishedGroup>(groups: readonly Group[]): readonly Group[] {
    if (groups.length <= this.#maxPairs) return groups;
    const seated = new Set(this.#seats);
    // The sort is stable: of those who never spoke, who published first.
    const sorted = groups.toSorted((one, other) =>
      urgencyOf(other) - urgencyOf(one) || other.spokeAtMs - one.spokeAtMs ||
      Number(seated.has(keyOf(other))) - Number(seated.has(keyOf(one)))
    );
    const chosen = new Set(sorted.slice(0, this.#maxPairs));
    return groups.filter((group) => chosen.has(group));
  }
}

/** What is shown to all goes before what one has asked for, and that before who spoke lately. */
function urgencyOf({ group, isWanted, isPaused }: PublishedGroup): number {
  if (isPaused) return 0;
  if (group === "screen") return 3;
  return isWanted ? 2 : 1;
}

/** No user id has a slash (rule ID1). */
function keyOf({ userId, group }: PublishedGroup): string {
  return `${userId}/${group}`;
}
