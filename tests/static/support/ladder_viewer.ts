/**
 * A viewer on a ladder: a test lets time pass and media come, and reads what it asks for and shows.
 * The server behind it follows its wishes at once, unless the test says otherwise.
 */
import type { MediaPath, Topology } from "../../../src/protocol/mod.ts";
import {
  type Advice,
  FIRST_MS,
  Ladder,
  NEXT_MS,
  type Sighting,
} from "../../../static/call/ladder.ts";

/** The ladder is looked at this often. */
export const LOOK_MS = 250;

/** What comes while time passes. */
export type Comes = { readonly media?: boolean; readonly relay?: boolean };

/** A viewer, and a server that follows its wishes unless the test says otherwise. */
export class Viewer {
  readonly ladder: Ladder;
  seen: Sighting = {
    ...{ at: 0, topology: "mesh", isLarge: false, isExpected: true },
    ...{ media: 0, isTurn: false, relay: 0 },
  };
  advice: Advice;
  /** Whether the room's topology is what the viewer wants. */
  isFollowed = true;
  /** Each change of what is shown and asked, with its time. */
  readonly changes: { at: number; shown: string; forwarding: boolean; relay: boolean }[] = [];

  constructor(forced?: MediaPath, seen: Partial<Sighting> = {}) {
    this.ladder = new Ladder(forced);
    this.seen = { ...this.seen, ...seen };
    this.advice = this.ladder.look(this.seen);
    this.#note();
  }

  /** Lets time pass. */
  pass(ms: number, comes: Comes = {}): Advice {
    for (let left = ms; left > 0; left -= LOOK_MS) {
      const { seen } = this;
      const topology: Topology = this.advice.wantsForwarding || seen.isLarge ? "sfu" : "mesh";
      this.see({
        at: seen.at + Math.min(left, LOOK_MS),
        media: seen.media + (comes.media ? 7 : 0),
        relay: seen.relay + (comes.relay && this.advice.wantsRelay ? 7 : 0),
        ...(this.isFollowed ? { topology } : {}),
      });
    }
    return this.advice;
  }

  /** One look at something else. */
  see(seen: Partial<Sighting>): Advice {
    this.seen = { ...this.seen, ...seen };
    this.advice = this.ladder.look(this.seen);
    this.#note();
    return this.advice;
  }

  get wishes(): string {
    const { shown, wantsForwarding, wantsRelay } = this.advice;
    return [shown, wantsForwarding ? "forwarding" : "", wantsRelay ? "relay" : ""]
      .filter((word) => word !== "").join(" ");
  }

  #note(): void {
    const { shown, wantsForwarding: forwarding, wantsRelay: relay } = this.advice;
    const last = this.changes.at(-1);
    const isSame = last?.shown === shown && last.forwarding === forwarding && last.relay === relay;
    if (!isSame) this.changes.push({ at: this.seen.at, shown, forwarding, relay });
  }
}

/** The states that a viewer can be in, and how it comes there. */
export const states: Record<string, () => Viewer> = {
  "new": () => new Viewer(),
  "direct": () => went(new Viewer(), [FIRST_MS, { media: true }]),
  "asking": () => {
    const viewer = new Viewer();
    viewer.isFollowed = false;
    return went(viewer, [FIRST_MS, {}]);
  },
  "forwarded": () => went(new Viewer(), [FIRST_MS, {}], [3_000, { media: true }]),
  "in a large room": () => went(large(), [3_000, { media: true }]),
  "waiting for frames": () => went(new Viewer(), [FIRST_MS, {}], [NEXT_MS + LOOK_MS, {}]),
  "relayed": () =>
    went(new Viewer(), [FIRST_MS, {}], [NEXT_MS + LOOK_MS, {}], [1_000, { relay: true }]),
  "on trial": () => {
    const viewer = went(new Viewer(), [FIRST_MS, {}], [3_000, { media: true }]);
    viewer.ladder.networkChanged(viewer.seen.at);
    return went(viewer, [2 * LOOK_MS, {}]);
  },
};

export function went(viewer: Viewer, ...stretches: [number, Comes][]): Viewer {
  for (const [ms, comes] of stretches) viewer.pass(ms, comes);
  return viewer;
}

function large(): Viewer {
  return new Viewer(undefined, { isLarge: true, topology: "sfu" });
}
