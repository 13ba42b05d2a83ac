/**
 * When the media of a room go from each to each, and when through the server (rules TO1-TO3). A
 * room's media ask one after everything that counts; nothing here knows members or media.
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
};

/** From so many members on a mesh asks too much of everybody (rule TO2). */
const SFU_MEMBERS = 4;
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

  #lookFromMesh({ members, canAll, needsOne, isOneLimited }: Membership): boolean {
    const isLarge = members >= SFU_MEMBERS;
    const isTooMuch = isOneLimited && members >= LIMITED_MEMBERS;
    if (!canAll || !(isLarge || needsOne || isTooMuch)) return false;
    this.#topology = "sfu";
    // A mesh that was too much for one is not tried again with as many.
    this.#fewMembers = (isLarge || needsOne ? SFU_MEMBERS : LIMITED_MEMBERS) - 1;
    return true;
  }

  #lookFromSfu({ members, canAll, needsOne }: Membership): boolean {
    if (!canAll) {
      this.#return();
      return true;
    }
    if (needsOne || members > this.#fewMembers) {
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
