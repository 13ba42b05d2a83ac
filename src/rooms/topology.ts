/**
 * When the media of a room go from each to each, and when through the server (rules TO1-TO3,
 * TO5). A room's media ask one after everything that counts; nothing here knows members or media.
 */
import type { Cancel, Clock } from "../base/mod.ts";
import type { Topology } from "../protocol/mod.ts";

/** What the operator wants: one of the two always, or what suits the room. */
export type TopologyMode = "auto" | Topology;

/** What decides, as it is now. */
export type Membership = {
  readonly members: number;
  /** Whether all of them, and the server, can take media through the server. */
  readonly canAll: boolean;
  /** Whether one of them knows no other way. */
  readonly needsOne: boolean;
  /** Whether one of them has said often enough that the mesh is too much for it. */
  readonly isOneLimited: boolean;
  /** Whether one of them wants it so. */
  readonly isWanted: boolean;
  /** Whether one sends and all others look. */
  readonly isLive: boolean;
};

/** From so many members on a mesh asks too much of everybody (rule TO2). */
const SFU_MEMBERS = 4;
/** In a live room one alone sends: it has five viewers by then (rule TO5). */
const LIVE_SFU_MEMBERS = 6;
/** From so many on it may ask too much of one who says so. */
const LIMITED_MEMBERS = 3;
/** A room that is small again has to stay so: who only reloads the page moves nobody (rule TO3). */
const RETURN_MS = 10_000;

/** The topology of one room. */
export class TopologyDecision {
  readonly #mode: TopologyMode;
  readonly #clock: Clock;
  readonly #returned: () => void;
  #topology: Topology;
  /** In `sfu`: with so many members it goes back. */
  #fewMembers = 0;
  #cancelReturn: Cancel | undefined;

  /** `returned` is called from a timer: the topology is `mesh` again. */
  constructor(mode: TopologyMode, { clock, returned }: { clock: Clock; returned: () => void }) {
    this.#mode = mode;
    this.#clock = clock;
    this.#returned = returned;
    this.#topology = mode === "sfu" ? "sfu" : "mesh";
  }

  /** How media travel now. */
  get topology(): Topology {
    return this.#topology;
  }

  /** Whether a room with these members may ever have `sfu`. */
  canBeSfu({ canAll }: Pick<Membership, "canAll">): boolean {
    return this.#mode === "sfu" || (this.#mode === "auto" && canAll);
  }

  /** Something has changed. Returns whether the topology is another one by that. */
  look(now: Membership): boolean {
    if (this.#mode !== "auto") return false;
    return this.#topology === "mesh" ? this.#lookFromMesh(now) : this.#lookFromSfu(now);
  }

  /** Decides nothing any more. */
  close(): void {
    this.#stay();
  }

  #lookFromMesh(now: Membership): boolean {
    const { members, canAll, needsOne, isOneLimited, isWanted, isLive } = now;
    const largeMembers = isLive ? LIVE_SFU_MEMBERS : SFU_MEMBERS;
    const isLarge = members >= largeMembers;
    const isTooMuch = isOneLimited && members >= LIMITED_MEMBERS;
    if (!canAll || !(isLarge || needsOne || isTooMuch || isWanted)) return false;
    this.#topology = "sfu";
    // A mesh that was too much for one is not tried again with as many.
    const isOnlyTooMuch = isTooMuch && !isLarge && !needsOne;
    this.#fewMembers = (isOnlyTooMuch ? LIMITED_MEMBERS : largeMembers) - 1;
    return true;
  }

  #lookFromSfu({ members, canAll, needsOne, isWanted }: Membership): boolean {
    if (!canAll) {
      this.#return();
      return true;
    }
    if (needsOne || isWanted || members > this.#fewMembers) {
      this.#stay();
      return false;
    }
    this.#cancelReturn ??= this.#clock.after(RETURN_MS, () => {
      this.#return();
      this.#returned();
    });
    return false;
  }

  #return(): void {
    this.#stay();
    this.#topology = "mesh";
  }

  #stay(): void {
    this.#cancelReturn?.();
    this.#cancelReturn = undefined;
  }
}
