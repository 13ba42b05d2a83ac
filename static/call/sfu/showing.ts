/**
 * Which track shows whom. An m-line of the server carries somebody else from one moment to the next,
 * and a new connection takes the place of a lost one: in both cases what is shown changes only when
 * something has come, so that nobody is seen under another's name and no picture goes black.
 */
import type { SubscribedMedia, UserId } from "../../../src/protocol/mod.ts";
import type { CallClock } from "../platform.ts";
import { type Counters, countOf, type Progress } from "../progress.ts";
import { isPicture, slotOf } from "../slot_kinds.ts";
import type { LocalTracks, Slot } from "../transport.ts";
import type { SubscriberPeer } from "./subscriber_peer.ts";

/** What has not come is looked for this often. */
export const POLL_MS = 100;
/** After this long a track is shown whatever has come: the counters of some browsers say nothing. */
export const SHOW_ANYWAY_MS = 3_000;
/** A lost connection's last pictures stay this long at most. */
export const FORMER_MS = 10_000;
/** Whoever shows a track gets this long to show its successor instead. */
export const LINGER_MS = 1_000;

/** More pictures than this cannot be left over of whoever an m-line carried before. */
const LEFT_OVER = 15;

const NOTHING: Counters = { packets: 0, frames: 0, keyFrames: 0 };

/** What showing needs of a peer. */
export type ShownPeer = Pick<SubscriberPeer, "trackOf" | "counters" | "close">;

/** An m-line that carries something of somebody. */
type Carried = {
  readonly peer: ShownPeer;
  readonly mid: string;
  readonly userId: UserId;
  readonly slot: Slot;
  readonly track: MediaStreamTrack;
  readonly since: number;
  /** What had come when it began to carry this; undefined: not known yet. */
  base: Counters | undefined;
  /** It carried somebody or something else before. */
  readonly isReused: boolean;
};

/** What showing needs. */
export interface ShowingOptions {
  readonly clock: CallClock;
  /** What {@linkcode Showing.tracksOf} says is another. */
  readonly changed: () => void;
}

/** The tracks of everybody, over all connections of one subscriber. */
export class Showing {
  readonly #options: ShowingOptions;
  #current: ShownPeer | undefined;
  /** By {@linkcode keyOf}. */
  #carried: ReadonlyMap<string, Carried> = new Map();
  readonly #shown = new Map<string, Carried>();
  /** What each m-line of the present connection carried last, by its id. */
  #used = new Map<string, string>();
  readonly #formers = new Map<ShownPeer, () => void>();
  /** Those of the formers that nothing is shown of any more. */
  readonly #lingering = new WeakSet<ShownPeer>();
  #cancelPoll: (() => void) | undefined;
  #isClosed = false;

  /** Nothing is shown. */
  constructor(options: ShowingOptions) {
    this.#options = options;
  }

  /** What is to be shown and heard of somebody. */
  tracksOf(userId: UserId): LocalTracks {
    const own = [...this.#shown.values()].filter((one) => one.userId === userId);
    return Object.fromEntries(own.map(({ slot, track }) => [slot, track])) as LocalTracks; // Slots.
  }

  /** The m-lines of the present connection: what each carries, and of whom. */
  get carried(): Iterable<{ readonly mid: string; readonly userId: UserId; readonly slot: Slot }> {
    return this.#carried.values();
  }

  /** Whether a connection is ended here, when its time has come. */
  knows(peer: ShownPeer): boolean {
    return peer === this.#current || this.#formers.has(peer);
  }

  /** How much has come of everybody since they were carried where they are now. */
  async progress(): Promise<ReadonlyMap<UserId, Progress>> {
    const counters = await this.#current?.counters() ?? new Map<string, Counters>();
    const all = new Map<UserId, Record<string, number>>();
    for (const one of this.#carried.values()) {
      const now = counters.get(one.mid) ?? NOTHING;
      const base = one.base ??= now;
      const count = hasCome(one, now) ? countOf(now, one.slot) - countOf(base, one.slot) : 0;
      all.set(one.userId, { ...all.get(one.userId), [one.slot]: count });
    }
    return all;
  }

  /** `peer` carries `media` and nothing else; one that was not known takes the place of the last. */
  follow(peer: ShownPeer, media: readonly SubscribedMedia[]): void {
    if (this.#isClosed) return;
    if (peer !== this.#current) this.#replace(peer);
    const before = this.#carried;
    this.#carried = new Map(media.flatMap((one) => {
      const carried = this.#carry(peer, one, before);
      return carried === undefined ? [] : [[keyOf(carried), carried] as const];
    }));
    for (const [key, shown] of this.#shown) {
      if (shown.peer === peer && this.#carried.get(key) !== shown) this.#shown.delete(key);
    }
    this.#advance(undefined);
    this.#options.changed();
    // At once: what comes from now on is of whoever is carried from now on.
    if ([...this.#carried.values()].some(({ base }) => base === undefined)) void this.#poll();
  }

  /** Ends the looking, and every former connection. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#cancelPoll?.();
    for (const [peer, cancel] of this.#formers) {
      cancel();
      peer.close();
    }
    this.#formers.clear();
    this.#shown.clear();
    this.#carried = new Map();
  }

  /** The present connection becomes a former one. */
  #replace(peer: ShownPeer): void {
    const former = this.#current;
    this.#current = peer;
    this.#carried = new Map();
    this.#used = new Map();
    if (former !== undefined) this.#retireAfter(FORMER_MS, former);
  }

  #retireAfter(ms: number, former: ShownPeer): void {
    this.#formers.get(former)?.();
    const cancel = this.#options.clock.after(ms, () => {
      this.#formers.delete(former);
      former.close();
      const last = [...this.#shown].filter(([, { peer }]) => peer === former);
      for (const [key] of last) this.#shown.delete(key);
      if (last.length > 0) this.#options.changed();
    });
    this.#formers.set(former, cancel);
  }

  #carry(
    peer: ShownPeer,
    { mid, userId, source }: SubscribedMedia,
    before: ReadonlyMap<string, Carried>,
  ): Carried | undefined {
    const slot = slotOf(source);
    const track = peer.trackOf(mid);
    if (slot === undefined || track === undefined) return undefined;
    const key = keyOf({ userId, slot });
    const known = before.get(key);
    if (known?.mid === mid) return known;
    const last = this.#used.get(mid);
    this.#used.set(mid, key);
    const isReused = last !== undefined && last !== key;
    const base = last === undefined ? NOTHING : undefined;
    const since = this.#options.clock.elapsed();
    return { peer, mid, userId, slot, track, since, base, isReused };
  }

  /** Shows what has come; looks again while something has not. */
  #advance(counters: ReadonlyMap<string, Counters> | undefined): void {
    let isChanged = false;
    let isWaiting = false;
    for (const [key, one] of this.#carried) {
      const shown = this.#shown.get(key);
      if (shown === one) continue;
      if (this.#isReady(one, shown, counters && (counters.get(one.mid) ?? NOTHING))) {
        this.#shown.set(key, one);
        isChanged = true;
      } else isWaiting = true;
    }
    for (const former of this.#formers.keys()) {
      if (this.#lingering.has(former)) continue;
      if ([...this.#shown.values()].some(({ peer }) => peer === former)) continue;
      this.#lingering.add(former);
      this.#retireAfter(LINGER_MS, former);
    }
    if (isWaiting) this.#pollLater();
    if (isChanged) this.#options.changed();
  }

  #isReady(one: Carried, shown: Carried | undefined, now: Counters | undefined): boolean {
    // Where nothing is to be lost and nothing else can be seen, it may be waited for in its place.
    if (shown === undefined && (!one.isReused || !isPicture(one.slot))) return true;
    if (this.#options.clock.elapsed() - one.since >= SHOW_ANYWAY_MS) return true;
    return now !== undefined && hasCome(one, now);
  }

  #pollLater(): void {
    this.#cancelPoll?.();
    this.#cancelPoll = this.#options.clock.after(POLL_MS, () => void this.#poll());
  }

  async #poll(): Promise<void> {
    const peer = this.#current;
    const counters = await peer?.counters();
    if (counters === undefined || peer !== this.#current || this.#isClosed) return;
    for (const one of this.#carried.values()) one.base ??= counters.get(one.mid) ?? NOTHING;
    this.#advance(counters);
  }
}

/** The pictures of somebody else end with one that needs no other before it. */
function hasCome({ base = NOTHING, slot, isReused }: Carried, now: Counters): boolean {
  if (isReused && isPicture(slot)) {
    return now.keyFrames > base.keyFrames || now.frames > base.frames + LEFT_OVER;
  }
  return countOf(now, slot) > countOf(base, slot);
}

function keyOf({ userId, slot }: { readonly userId: UserId; readonly slot: Slot }): string {
  return `${slot} ${userId}`;
}
