/**
 * When each participant's media are taken over from one way of travelling to another: as soon as
 * everything that comes on the old way comes on the new one too. Pure but for what it remembers of
 * the counters.
 */
import type { UserId } from "../../src/protocol/mod.ts";
import type { Progress } from "./progress.ts";
import { type LinkState, type Slot, SLOTS } from "./transport.ts";

/** What has not come for this long is not waited for: a camera that is off leaves its counter. */
export const QUIET_MS = 1_500;
/** Once the new way is there, nothing is waited for longer than this. */
export const PATIENCE_MS = 4_000;

/** What is known of one participant at one moment. */
export interface Standing {
  readonly state: LinkState;
  readonly progress: Progress;
}

type Seen = { readonly count: number; readonly at: number };
type Watch = {
  /** When each counter of the old way grew last. */
  readonly old: Map<Slot, Seen>;
  /** The counters of the new way at the first look. */
  readonly base: Progress;
  connectedAt: number | undefined;
};

/** The takeover of everybody in a call. */
export class Handover {
  readonly #watches = new Map<UserId, Watch>();

  /** Whether somebody's media may be taken over now; `at` is of a clock that never goes back. */
  isReady(userId: UserId, at: number, { old, next }: { old: Standing; next: Standing }): boolean {
    const watch: Watch = this.#watches.get(userId) ??
      { old: new Map(), base: next.progress, connectedAt: undefined };
    this.#watches.set(userId, watch);
    for (const slot of SLOTS) follow(watch.old, slot, old.progress[slot] ?? 0, at);
    if (watch.old.size === 0) return true; // Nothing ever came: nothing is to be lost.
    if (next.state !== "connected") {
      watch.connectedAt = undefined;
      return false;
    }
    watch.connectedAt ??= at;
    if (old.state !== "connected" || at - watch.connectedAt >= PATIENCE_MS) return true;
    return SLOTS.every((slot) => {
      const seen = watch.old.get(slot);
      if (seen === undefined || at - seen.at >= QUIET_MS) return true;
      return (next.progress[slot] ?? 0) > (watch.base[slot] ?? 0);
    });
  }
}

/** Remembers when a counter grew; one that never did is not remembered. */
function follow(seen: Map<Slot, Seen>, slot: Slot, count: number, at: number): void {
  if (count > (seen.get(slot)?.count ?? 0)) seen.set(slot, { count, at });
}
