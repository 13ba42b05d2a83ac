/**
 * Reactions: a sign that floats over somebody's tile for a moment. They travel as application data
 * (rule DA1), so what comes in is checked here: one of ours, or nothing.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { UserId } from "../../src/protocol/mod.ts";
import type { Cancel, Clock } from "./clock.ts";
import { isRecord } from "./server_message.ts";

/** The signs, in the order of the choice. */
export const REACTIONS = ["👍", "👏", "❤️", "😂", "😮", "🎉"] as const;
/** One of {@linkcode REACTIONS}. */
export type ReactionSign = typeof REACTIONS[number];

/** How long one is seen. */
export const REACTION_MS = 4_000;
/** So many are shown of one person: a finger that stays on the key covers no face. */
export const MAX_OF_ONE = 3;

/** A reaction that is seen now. */
export interface Reaction {
  readonly id: number;
  readonly from: UserId;
  readonly sign: ReactionSign;
}

/** The payload of a reaction. */
export function reactionPayload(sign: ReactionSign): { kind: "reaction"; emoji: ReactionSign } {
  return { kind: "reaction", emoji: sign };
}

/** The sign in a payload; undefined where it is no reaction, or none that we know. */
export function reactionIn(payload: unknown): ReactionSign | undefined {
  if (!isRecord(payload) || payload.kind !== "reaction") return undefined;
  return REACTIONS.find((sign) => sign === payload.emoji);
}

/** The reactions that are seen. */
export class Reactions {
  readonly #clock: Clock;
  readonly #list: Signal<readonly Reaction[]> = signal([]);
  readonly #timers = new Set<Cancel>();
  #last = 0;

  /** None yet. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is seen now, oldest first. */
  get list(): ReadonlySignal<readonly Reaction[]> {
    return this.#list;
  }

  /** Shows one for a moment. */
  add(from: UserId, sign: ReactionSign): void {
    const id = ++this.#last;
    const own = this.#list.value.filter((reaction) => reaction.from === from);
    const tooMany = new Set(own.slice(0, Math.max(0, own.length - MAX_OF_ONE + 1)));
    this.#list.value = [
      ...this.#list.value.filter((reaction) => !tooMany.has(reaction)),
      { id, from, sign },
    ];
    const cancel = this.#clock.after(REACTION_MS, () => {
      this.#timers.delete(cancel);
      this.#list.value = this.#list.value.filter((reaction) => reaction.id !== id);
    });
    this.#timers.add(cancel);
  }

  /** Takes all of them away. */
  clear(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#list.value = [];
  }
}
